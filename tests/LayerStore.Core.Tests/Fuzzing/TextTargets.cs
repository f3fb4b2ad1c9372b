using System.Text;
using System.Text.RegularExpressions;
using LayerStore.Configuration;

namespace LayerStore.Tests.Fuzzing;

/// <summary>References, digests and platforms, held against the grammar of distribution/reference as it is written there.</summary>
internal sealed partial class ReferenceTarget : FuzzTarget
{
    private static readonly string[] s_seeds =
    [
        "alpine", "alpine:3.20", "docker.io/library/alpine:latest", "localhost:5000/team/app:1.0", "quay.io/a/b@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "[fe80::1]:5000/x/y",
        "a/b/c/d__e-f.g:T_1", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "linux/arm64/v8", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "X.io/a:1", "index.docker.io/a",
    ];

    public override byte[] Make(Random random)
    {
        var text = random.Next(3) == 0
            ? string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => "ab0.:/@-_[]A%\u00e9\n"[random.Next(15)]))
            : s_seeds[random.Next(s_seeds.Length)];
        return random.Next(4) == 0 ? Encoding.UTF8.GetBytes(text) : Mutator.Bytes(random, Encoding.UTF8.GetBytes(text));
    }

    public override void Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var taken = ImageReference.TryParse(text, out var reference, out var reason);
        Demand(taken == MayRefuse(() => ImageReference.Parse(text), ErrorIds.ReferenceInvalid), "both ways to parse say the same");
        Demand(taken || !string.IsNullOrEmpty(reason), "a refusal has a reason");
        Demand(taken == IsReference(text), $"the grammar {(taken ? "refuses" : "takes")} it");
        if (taken)
        {
            Demand(ImageReference.Parse(reference!.Canonical).Canonical == reference.Canonical, "the canonical form means itself");
            Demand(ImageReference.Parse(reference.Familiar) == reference, "the familiar form means the same");
            Demand(reference.Familiar.All(letter => letter is > ' ' and < '\x7f'), "a name is printable");
        }
        Demand(Digest.TryParse(text, out var digest) == DigestForm().IsMatch(text), "a digest is what the grammar says");
        Demand(digest.IsEmpty || digest.ToString() == text, "a digest is written as it was read");
        _ = MayRefuse(() => Digest.Parse(text), ErrorIds.DigestInvalid);
        if (Platform.TryParse(text, out var platform))
            Demand(Platform.Parse(platform.ToString()) == platform, "a platform means itself");
        _ = MayRefuse(() => Platform.Parse(text), ErrorIds.ReferenceInvalid);
    }

    /// <summary>The anchored expression, with the rules that stand beside it: a domain needs a mark of one, 64 digits are an id, and (ours alone) what looks like a domain is one: an address in brackets has a colon.</summary>
    private static bool IsReference(string text)
    {
        if (Identifier().IsMatch(text))
            return false;
        var match = Grammar().Match(text);
        if (!match.Success)
            return false;
        var (domain, path) = (match.Groups["domain"].Value, match.Groups["path"].Value);
        if (domain.Length > 0 && !domain.AsSpan().ContainsAny('.', ':') && domain != "localhost" && !domain.Any(char.IsAsciiLetterUpper))
            (domain, path) = ("", $"{domain}/{path}");
        if (domain.Length == 0 && path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && (path.AsSpan(0, slash).Contains('.') || path.StartsWith("localhost/", StringComparison.Ordinal)))
            return false;
        if (domain is "" or "docker.io" or "index.docker.io" && !path.Contains('/', StringComparison.Ordinal))
            path = "library/" + path;
        return path.Length <= ImageReference.MaxPathLength && !path.Any(char.IsAsciiLetterUpper);
    }

    private const string DomainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private const string PathComponent = "[a-z0-9]+(?:(?:[.]|_|__|[-]+)[a-z0-9]+)*";

    // \z and not $, which .NET lets stand before a line feed.
    [GeneratedRegex($@"\A(?:(?<domain>(?:{DomainComponent}(?:\.{DomainComponent})*|\[(?:[a-fA-F0-9]*:[a-fA-F0-9:]*)\])(?::[0-9]+)?)/)?(?<path>{PathComponent}(?:/{PathComponent})*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?(?:@(?<digest>sha256:[a-f0-9]{{64}}))?\z")]
    private static partial Regex Grammar();

    [GeneratedRegex(@"\A[a-f0-9]{64}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\Asha256:[a-f0-9]{64}\z")]
    private static partial Regex DigestForm();
}

/// <summary>The reader of <c>layerstore.yaml</c>: it names what is wrong, and what it takes it writes and reads again as the same.</summary>
internal sealed class ConfigurationTarget : FuzzTarget
{
    private static readonly string[] s_seeds =
    [
        "root: /srv/layers\ndriver: overlay2\ndriverOptions:\n  overlay2.size: 10G\nlimits:\n  maxEntries: 100\nregistries:\n  docker.io:\n    mirrors: [mirror.example.com, 'other:5000']\n    insecure: true\n",
        """{"driver": "vfs", "registries": {"localhost:5000": {"insecure": true, "certificateAuthority": "/etc/ca.pem"}}}""", "# nothing\n", "--- \nroot: \"/a b\\n\"\n...\n", "driver: |\n  vfs\n", "a: [[[[{b: {c: d}}]]]]\n",
        "driver: &x vfs\nroot: *x\n", "root: !!str /x\n",
    ];

    public override byte[] Make(Random random)
    {
        var seed = s_seeds[random.Next(s_seeds.Length)];
        if (random.Next(40) == 0)
            seed = string.Concat(Enumerable.Repeat("[{- ?:&*"[random.Next(8)].ToString() + (random.Next(2) == 0 ? " " : ""), random.Next(20_000)));
        return random.Next(8) == 0 ? Encoding.UTF8.GetBytes(seed) : Mutator.Bytes(random, Encoding.UTF8.GetBytes(seed));
    }

    public override void Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var problems = ConfigurationFile.CheckText(text);
        Demand(problems.All(problem => problem.ToString().Length > 0 && !problem.ToString().Any(char.IsControl)), "problems are fit to be read");
        StorageConfiguration? configuration = null;
        var taken = MayRefuse(() => configuration = ConfigurationFile.Parse(text), ErrorIds.ConfigurationInvalid);
        Demand(taken == problems.All(problem => problem.Severity != ConfigurationSeverity.Error), "what has no errors is taken, and nothing else");
        if (!taken)
            return;
        foreach (var format in Enum.GetValues<ConfigurationFormat>())
        {
            var written = ConfigurationFile.ToText(configuration!, format);
            Demand(ConfigurationFile.ToText(ConfigurationFile.Parse(written), format) == written, "what was written is read as the same");
        }
    }
}
