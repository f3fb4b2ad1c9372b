using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LayerStore.Images.Making;

/// <summary>One change to an image's configuration, written as a line of a Dockerfile (docs.docker.com/reference/dockerfile), as <c>docker commit --change</c> takes it.</summary>
internal static class ConfigChange
{
    private const string Known = "CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR";

    /// <summary>Applies a line.</summary>
    /// <param name="settings">The configuration's <c>config</c>.</param>
    /// <param name="line">The line.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ArgumentInvalid"/>.</exception>
    public static void Apply(JsonObject settings, string line)
    {
        var text = line.Trim();
        var space = text.IndexOfAny([' ', '\t']);
        var instruction = (space < 0 ? text : text[..space]).ToUpperInvariant();
        var rest = space < 0 ? "" : text[space..].Trim();
        if (rest.Length == 0)
            throw Invalid(line, "it has no value");
        switch (instruction)
        {
            case "CMD": settings["Cmd"] = Command(rest); break;
            case "ENTRYPOINT": settings["Entrypoint"] = Command(rest); break;
            case "ENV": SetEnvironment(settings, Pairs(rest, line)); break;
            case "LABEL": SetLabels(settings, Pairs(rest, line)); break;
            case "EXPOSE": AddKeys(settings, "ExposedPorts", rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(port => Port(port, line))); break;
            case "VOLUME": AddKeys(settings, "Volumes", Words(rest)); break;
            case "USER": settings["User"] = rest; break;
            case "STOPSIGNAL": settings["StopSignal"] = rest; break;
            case "WORKDIR": settings["WorkingDir"] = Directory(settings, rest); break;
            case "ONBUILD": Array(settings, "OnBuild").Add(rest); break;
            case "HEALTHCHECK": settings["Healthcheck"] = HealthCheck(rest, line); break;
            default: throw Invalid(line, $"'{Printable.Escape(instruction)}' is none of {Known}");
        }
    }

    private static JsonArray Command(string text) =>
        JsonList(text) is { } words ? Strings(words) : Strings(["/bin/sh", "-c", text]);

    /// <summary>The words of a list in JSON, Docker's exec form; null where it is none, and so a shell's line.</summary>
    private static List<string>? JsonList(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            return JsonNode.Parse(text) is JsonArray list && list.All(item => item?.GetValueKind() == JsonValueKind.String)
                ? [.. list.Select(item => item!.GetValue<string>())]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> Words(string text) => JsonList(text) ?? [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static string Port(string text, string line)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var number = slash < 0 ? text : text[..slash];
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        return number.Split('-').All(part => ushort.TryParse(part, out _)) && protocol is "tcp" or "udp" or "sctp"
            ? $"{number}/{protocol}"
            : throw Invalid(line, $"'{Printable.Escape(text)}' is no port");
    }

    private static string Directory(JsonObject settings, string text)
    {
        var current = settings["WorkingDir"]?.GetValue<string>() is { Length: > 0 } directory ? directory : "/";
        return Path.GetFullPath(text, "/" + current);
    }

    private static JsonObject HealthCheck(string text, string line)
    {
        if (text.Equals("NONE", StringComparison.OrdinalIgnoreCase))
            return new JsonObject { ["Test"] = Strings(["NONE"]) };
        if (!text.StartsWith("CMD ", StringComparison.OrdinalIgnoreCase))
            throw Invalid(line, "a health check is 'NONE' or 'CMD' and a command; its options cannot be given here");
        var command = text[4..].Trim();
        return new JsonObject { ["Test"] = JsonList(command) is { } words ? Strings(["CMD", .. words]) : Strings(["CMD-SHELL", command]) };
    }

    private static void SetEnvironment(JsonObject settings, IEnumerable<(string Name, string Value)> pairs)
    {
        var environment = Array(settings, "Env");
        foreach (var (name, value) in pairs)
        {
            var known = environment.FirstOrDefault(item => item?.GetValue<string>().StartsWith(name + "=", StringComparison.Ordinal) == true);
            if (known is not null)
                environment[environment.IndexOf(known)] = $"{name}={value}";
            else
                environment.Add($"{name}={value}");
        }
    }

    private static void SetLabels(JsonObject settings, IEnumerable<(string Name, string Value)> pairs)
    {
        var labels = Object(settings, "Labels");
        foreach (var (name, value) in pairs)
            labels[name] = value;
    }

    private static void AddKeys(JsonObject settings, string name, IEnumerable<string> keys)
    {
        var set = Object(settings, name);
        foreach (var key in keys)
            set[key] = new JsonObject();
    }

    /// <summary><c>name=value</c> pairs, values with quotes or backslashes where they hold spaces; or Docker's old form <c>name value</c>.</summary>
    private static List<(string, string)> Pairs(string text, string line)
    {
        var words = Split(text, line);
        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            return space > 0 ? [(text[..space], text[space..].Trim())] : throw Invalid(line, "it has a name and no value");
        }
        return [.. words.Select(word =>
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            return equals > 0 ? (word[..equals], word[(equals + 1)..]) : throw Invalid(line, $"'{Printable.Escape(word)}' is not of the form name=value");
        })];
    }

    private static List<string> Split(string text, string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (letter == '\\' && quote != '\'' && index + 1 < text.Length)
                word.Append(text[++index]);
            else if (quote != '\0' && letter == quote)
                quote = '\0';
            else if (quote == '\0' && letter is '"' or '\'')
                quote = letter;
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (word.Length > 0)
                    words.Add(word.ToString());
                word.Clear();
            }
            else
                word.Append(letter);
        }
        if (quote != '\0')
            throw Invalid(line, "a quotation mark is not closed");
        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }

    private static JsonArray Array(JsonObject settings, string name)
    {
        if (settings[name] is JsonArray array)
            return array;
        array = [];
        settings[name] = array;
        return array;
    }

    private static JsonObject Object(JsonObject settings, string name)
    {
        if (settings[name] is JsonObject existing)
            return existing;
        var made = new JsonObject();
        settings[name] = made;
        return made;
    }

    private static JsonArray Strings(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];

    private static StoreException Invalid(string line, string why) => new(
        ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, line, $"'{Printable.Escape(line)}' is no change to a configuration: {why}.",
        $"Write it as a line of a Dockerfile: one of {Known}.");
}
