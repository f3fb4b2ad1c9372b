using System.Formats.Tar;
using System.Text.Json.Nodes;

namespace LayerStore.Tests.Support;

/// <summary>The files of an image archive, by name, in the order in which they were put; to be spoiled by a test before they are written.</summary>
public sealed class ArchiveFiles
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, byte[]> _content = [];
    private readonly Dictionary<string, string> _links = [];

    public byte[] this[string name]
    {
        get => _content[name];
        set => Put(name, value);
    }

    public IReadOnlyList<string> Names => _order;

    public void Put(string name, byte[] content)
    {
        if (!_content.ContainsKey(name))
            _order.Add(name);
        _content[name] = content;
    }

    public void Put(string name, string content) => Put(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Adds a symbolic link in a tar file.</summary>
    public void PutLink(string name, string target)
    {
        Remove(name);
        _order.Add(name);
        _links[name] = target;
    }

    public void Remove(string name)
    {
        _order.Remove(name);
        _content.Remove(name);
        _links.Remove(name);
    }

    /// <summary>Adds a blob of an OCI layout; returns its descriptor.</summary>
    public JsonObject PutBlob(byte[] content, string mediaType)
    {
        var digest = ImageBuilder.DigestOf(content);
        Put("blobs/sha256/" + digest.Hex, content);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = content.Length };
    }

    /// <summary>Parses, changes and writes back a JSON file.</summary>
    public void ChangeJson(string name, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(_content[name])!;
        change(node);
        Put(name, ImageBuilder.Bytes(node));
    }

    public byte[] ToTar()
    {
        using var result = new MemoryStream();
        using (var writer = new TarWriter(result, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var name in _order)
            {
                var entry = _links.TryGetValue(name, out var target)
                    ? new UstarTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target }
                    : new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(_content[name]) };
                entry.ModificationTime = LayerContent.Time;
                writer.WriteEntry(entry);
            }
        }
        return result.ToArray();
    }

    public void WriteTar(string path) => File.WriteAllBytes(path, ToTar());

    public void WriteDirectory(string directory)
    {
        foreach (var name in _order)
        {
            var path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, _content[name]);
        }
    }

    public static ArchiveFiles ReadTar(string path)
    {
        var files = new ArchiveFiles();
        using var reader = new TarReader(File.OpenRead(path));
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                continue;
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Put(entry.Name, content.ToArray());
        }
        return files;
    }
}
