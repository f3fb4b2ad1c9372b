namespace LayerStore.Configuration;

/// <summary>Changes one setting of a text and nothing else: comments, order and the way in which the rest is written stay.</summary>
internal static class ConfigurationEditor
{
    private const int IndentStep = 2;

    /// <summary>Sets a setting.</summary>
    /// <param name="text">A text without problems.</param>
    /// <param name="parts">The setting's name from the top.</param>
    /// <param name="value">The value as YAML, on one line.</param>
    public static string Set(string text, IReadOnlyList<string> parts, string value)
    {
        if (ConfigurationReader.Read(text, "").Document is not ConfigurationNode.Mapping mapping)
            return Append(text, 0, parts, value);
        var depth = 0;
        for (ConfigurationNode? next = mapping.Find(parts[0]); next is not null; next = mapping.Find(parts[depth]))
        {
            if (depth == parts.Count - 1)
                return Replace(text, next, value);
            depth++;
            if (next is not ConfigurationNode.Mapping below)
                return Fill(text, next, parts, depth, value);
            mapping = below;
        }
        return mapping.IsFlow ? InsertIntoFlow(text, mapping, parts, depth, value) : InsertIntoBlock(text, mapping, parts, depth, value);
    }

    /// <summary>Takes a setting away, with its line; a group that it leaves empty stays. The text as it is where the setting is not there.</summary>
    public static string Unset(string text, IReadOnlyList<string> parts)
    {
        var mapping = ConfigurationReader.Read(text, "").Document as ConfigurationNode.Mapping;
        foreach (var part in parts.Take(parts.Count - 1))
            mapping = mapping?.Find(part) as ConfigurationNode.Mapping;
        var at = mapping?.Entries.ToList().FindIndex(entry => entry.Name.Value == parts[^1]) ?? -1;
        if (mapping is null || at < 0)
            return text;
        var (name, value) = mapping.Entries[at];
        if (!mapping.IsFlow && mapping.Entries.Count == 1 && parts.Count > 1)
            return Unset(text, [.. parts.Take(parts.Count - 1)]);
        if (!mapping.IsFlow)
            return text.Remove(LineStart(text, (int)name.Start.Index), LineEnd(text, ContentEnd(name, value)) - LineStart(text, (int)name.Start.Index));
        // In braces the comma goes with it.
        var start = (int)(at > 0 ? mapping.Entries[at - 1].Value.End.Index : name.Start.Index);
        var end = (int)(at > 0 || at == mapping.Entries.Count - 1 ? value.End.Index : mapping.Entries[at + 1].Name.Start.Index);
        return text.Remove(start, end - start);
    }

    private static string Replace(string text, ConfigurationNode old, string value)
    {
        var (start, end) = ((int)old.Start.Index, (int)old.End.Index);
        // The value's own characters only: what YAML counts to it may reach into the next line, or be nothing.
        end = Math.Max(start, start + text[start..end].TrimEnd().Length);
        var gap = start > 0 && text[start - 1] is not (' ' or '\n' or '\t') ? " " : "";
        // A list or a group below its name goes up to it.
        if (start > 0 && text[..start].LastIndexOf('\n') is var line && text[(line + 1)..start].All(char.IsWhiteSpace) && line > 0)
        {
            start = text[..start].LastIndexOf(':') + 1;
            gap = " ";
        }
        return text[..start] + gap + value + text[end..];
    }

    /// <summary>A group that is there in name only gets its first setting.</summary>
    private static string Fill(string text, ConfigurationNode empty, IReadOnlyList<string> parts, int depth, string value)
    {
        var start = (int)empty.Start.Index;
        var written = text[start..(int)empty.End.Index].TrimEnd();
        var line = LineEnd(text, start);
        var rest = text.Remove(start, written.Length);
        line -= written.Length;
        var indent = LineStart(text, start) is var begin ? text[begin..].TakeWhile(letter => letter == ' ').Count() : 0;
        return rest.Insert(line, Lines(text, line + written.Length, indent + IndentStep, parts, depth, value));
    }

    private static string InsertIntoFlow(string text, ConfigurationNode.Mapping mapping, IReadOnlyList<string> parts, int depth, string value)
    {
        var entry = value;
        for (var i = parts.Count - 1; i >= depth; i--)
            entry = i == depth ? $"{ConfigurationText.Text(parts[i])}: {entry}" : $"{{{ConfigurationText.Text(parts[i])}: {entry}}}";
        var at = (int)(mapping.Entries.Count == 0 ? mapping.Start.Index + 1 : mapping.Entries[^1].Value.End.Index);
        return text.Insert(at, mapping.Entries.Count == 0 ? entry : ", " + entry);
    }

    private static string InsertIntoBlock(string text, ConfigurationNode.Mapping mapping, IReadOnlyList<string> parts, int depth, string value)
    {
        var (name, last) = mapping.Entries[^1];
        var at = LineEnd(text, ContentEnd(name, last));
        return text.Insert(at, Lines(text, at, (int)mapping.Entries[0].Name.Start.Column - 1, parts, depth, value));
    }

    private static string Append(string text, int indent, IReadOnlyList<string> parts, string value) =>
        text + Lines(text, text.Length, indent, parts, 0, value);

    /// <summary>The lines of a new setting, its groups above it; begins a line of its own where the text does not.</summary>
    private static string Lines(string text, int at, int indent, IReadOnlyList<string> parts, int depth, string value)
    {
        var lines = at > 0 && text[at - 1] != '\n' ? "\n" : "";
        for (var i = depth; i < parts.Count; i++, indent += IndentStep)
            lines += new string(' ', indent) + ConfigurationText.Text(parts[i]) + (i == parts.Count - 1 ? ": " + value : ":") + "\n";
        return lines;
    }

    /// <summary>Behind the last character that belongs to an entry: a group ends where its last entry does.</summary>
    private static int ContentEnd(ConfigurationNode.Scalar name, ConfigurationNode value) => value switch
    {
        ConfigurationNode.Mapping { IsFlow: false, Entries: [.., var last] } => ContentEnd(last.Name, last.Value),
        ConfigurationNode.Sequence { Items: [.., var item] } sequence when sequence.End.Line > item.End.Line => ContentEnd(name, item),
        _ => (int)Math.Max(name.End.Index, value.End.Index),
    };

    private static int LineStart(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    private static int LineEnd(string text, int at)
    {
        // A block text's end is the next line's beginning already.
        if (at > 0 && at <= text.Length && text[at - 1] == '\n')
            return at;
        var end = text.IndexOf('\n', Math.Min(at, text.Length));
        return end < 0 ? text.Length : end + 1;
    }
}
