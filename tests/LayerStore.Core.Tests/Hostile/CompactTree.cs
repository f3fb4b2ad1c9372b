using System.Globalization;
using LayerStore.Linux;
using LayerStore.Tests.Archives;

namespace LayerStore.Tests.Hostile;

/// <summary>A tree in one line, for tables: <c>d/ d/f=content l->target n|c1:3 p|</c>, with mode and owner where they are no ordinary ones, and <c>~</c> the first name of the same file.</summary>
internal static class CompactTree
{
    /// <summary>What stands below a directory, sorted.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="decoy">A path that is written as <c>DECOY</c>, and whose parents are left out.</param>
    public static string Of(string root, string decoy)
    {
        var short_ = decoy.TrimStart('/');
        var first = new Dictionary<ulong, string>();
        var words = new List<string>();
        foreach (var node in ExtractionTest.Walk(root, ""))
        {
            if (node.Type == 'd' && short_.StartsWith(node.Path + "/", StringComparison.Ordinal))
                continue;
            var same = node.Type != 'd' && node.Links > 1 && !first.TryAdd(node.Inode, node.Path) ? $"~{first[node.Inode]}" : "";
            var word = Printable.Escape(node.Path) + Attributes(node) + What(root, node) + same;
            words.Add(word.Replace(decoy, "/DECOY", StringComparison.Ordinal).Replace(short_, "DECOY", StringComparison.Ordinal));
        }
        words.Sort(StringComparer.Ordinal);
        return string.Join(' ', words);
    }

    private static string Attributes(Node node)
    {
        var ordinary = node.Type switch { 'd' => 0x1edu, 'l' => 0x1ffu, 'f' => 0x1a4u, _ => 0x1b6u };
        return node.Mode == ordinary && node.Uid == 0 && node.Gid == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"({node.Octal},{node.Uid}:{node.Gid})");
    }

    private static string What(string root, Node node) => node.Type switch
    {
        'd' => "/",
        'l' => "->" + Printable.Escape(node.Target!),
        'c' or 'b' => $"|{node.Type}{node.Major}:{node.Minor}",
        'f' when node.Size > 20 => $"={node.Size}B",
        'f' => "=" + Printable.Escape(File.ReadAllText(Path.Combine(root, node.Path))) + Capability(Path.Combine(root, node.Path)),
        _ => "|",
    };

    private static string Capability(string path) =>
        ExtendedAttributes.Get(FileName.Terminated(path), FileName.Terminated("security.capability")) is { } value ? $"[cap {value.Length}]" : "";
}
