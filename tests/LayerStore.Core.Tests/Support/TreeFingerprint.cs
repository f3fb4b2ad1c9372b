using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>Everything that can be seen of a tree, one line an entry: kind, mode, owner, device, time, names of one file, attributes, contents.</summary>
internal static class TreeFingerprint
{
    /// <summary>The lines, sorted by path.</summary>
    /// <param name="root">The directory; its own line is <c>/</c>.</param>
    /// <param name="times">Whether modification times are part of it.</param>
    public static IReadOnlyList<string> Of(string root, bool times = true)
    {
        using var handle = DirectoryHandle.Open(root);
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var groups = new Dictionary<ulong, (string First, string Contents)>();
        var top = new TreeDirectory(handle);
        Assert.True(top.TryStat(out var data));
        lines["/"] = Line(data, top.ProcPath(), times) + " " + Describe(data, null);
        Walk(top, "", lines, groups, times);
        return [.. lines.Select(line => $"{line.Key} {line.Value}")];
    }

    private static void Walk(TreeDirectory directory, string path, SortedDictionary<string, string> lines, Dictionary<ulong, (string First, string Contents)> groups, bool times)
    {
        using var handle = directory.Open();
        var names = new List<byte[]>();
        using (var reader = new DirectoryReader(handle.Descriptor()))
        {
            while (reader.Next())
                names.Add(reader.Name.ToArray());
        }
        names.Sort(NameComparer.Instance);
        foreach (var name in names)
        {
            var full = path + "/" + Printable.Escape(name);
            if (!directory.TryStat(name, out var data))
            {
                lines[full] = "listed, and not there";
                continue;
            }
            var line = Line(data, directory.ProcPath(name), times);
            // A file of many names is read once.
            var group = groups.GetValueOrDefault(data.Inode);
            var contents = group.Contents
                ?? (data.Type == Libc.S_IFREG ? Describe(directory, name) : Describe(data, Encoding.UTF8.GetString(directory.ProcPath(name).AsSpan()[..^1])));
            if (!data.IsDirectory && data.LinkCount > 1)
            {
                groups.TryAdd(data.Inode, (full, contents));
                line += $" same as {groups[data.Inode].First}";
            }
            lines[full] = line + " " + contents;
            if (data.IsDirectory)
                Walk(directory.Child(name), full, lines, groups, times);
        }
    }

    private static string Line(in StatxData data, byte[] path, bool times)
    {
        var attributes = ExtendedAttributes.List(path).Select(name =>
            $"{Printable.Escape(name)}={Convert.ToHexStringLower(ExtendedAttributes.Get(path, FileName.Terminated(name))!)}").Order(StringComparer.Ordinal);
        var time = times ? string.Create(CultureInfo.InvariantCulture, $" @{data.ModificationTime.Seconds}.{data.ModificationTime.Nanoseconds:d9}") : "";
        return $"{Convert.ToString(data.Mode, 8)} {data.Uid}:{data.Gid}{time} [{string.Join(' ', attributes)}]";
    }

    // By its handle: a name is not always text.
    private static string Describe(TreeDirectory directory, byte[] name)
    {
        using var content = new FileStream(directory.TryOpenFile(name)!, FileAccess.Read);
        return $"{content.Length} {Convert.ToHexStringLower(SHA256.HashData(content))[..16]}";
    }

    private static string Describe(in StatxData data, string? path) => data.Type switch
    {
        Libc.S_IFLNK => $"-> {new FileInfo(path!).LinkTarget}",
        Libc.S_IFCHR or Libc.S_IFBLK => $"{data.DeviceMajor}:{data.DeviceMinor}",
        _ => "",
    };
}
