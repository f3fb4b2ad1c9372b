using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace LayerStore.Tests.Support;

/// <summary>
/// The content of a layer as a test writes it down, and the tar archive of it. Paths are without leading slash; every
/// time is the same, so that equal content gives equal digests.
/// </summary>
/// <example><code>new LayerContent().Directory("etc").File("etc/motd", "hello", mode: 0x1a4).Symlink("etc/alias", "motd").Whiteout("etc/old")</code></example>
public sealed class LayerContent
{
    public static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly List<TarEntry> _entries = [];

    public LayerContent File(string path, string content, int mode = 0x1a4, int uid = 0, int gid = 0, params (string Name, string Value)[] xattrs) =>
        File(path, Encoding.UTF8.GetBytes(content), mode, uid, gid, xattrs);

    public LayerContent File(string path, byte[] content, int mode = 0x1a4, int uid = 0, int gid = 0, params (string Name, string Value)[] xattrs)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, path, xattrs.ToDictionary(x => "SCHILY.xattr." + x.Name, x => x.Value))
        {
            DataStream = new MemoryStream(content),
        };
        return Add(entry, mode, uid, gid);
    }

    public LayerContent Directory(string path, int mode = 0x1ed, int uid = 0, int gid = 0) =>
        Add(new PaxTarEntry(TarEntryType.Directory, path.TrimEnd('/') + "/"), mode, uid, gid);

    public LayerContent Symlink(string path, string target) =>
        Add(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target }, 0x1ff);

    public LayerContent Hardlink(string path, string target) =>
        Add(new PaxTarEntry(TarEntryType.HardLink, path) { LinkName = target }, 0x1a4);

    public LayerContent CharacterDevice(string path, int major, int minor, int mode = 0x1b6) =>
        Add(new PaxTarEntry(TarEntryType.CharacterDevice, path) { DeviceMajor = major, DeviceMinor = minor }, mode);

    public LayerContent Fifo(string path, int mode = 0x1a4) => Add(new PaxTarEntry(TarEntryType.Fifo, path), mode);

    /// <summary>Deletes <paramref name="path"/> of the layers below.</summary>
    public LayerContent Whiteout(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return File(path[..slash] + ".wh." + path[slash..], "");
    }

    /// <summary>Hides what the layers below have in <paramref name="directory"/> ("" for the root).</summary>
    public LayerContent Opaque(string directory) => File(directory.Length == 0 ? ".wh..wh..opq" : directory.TrimEnd('/') + "/.wh..wh..opq", "");

    /// <summary>The tar archive.</summary>
    public byte[] ToTar()
    {
        using var result = new MemoryStream();
        using (var writer = new TarWriter(result, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in _entries)
            {
                if (entry.DataStream is { } data)
                    data.Position = 0;
                // PAX times would be written with the entry; the header's own seconds are enough.
                writer.WriteEntry(entry);
            }
        }
        return result.ToArray();
    }

    /// <summary>SHA-256 of the archive.</summary>
    public Digest DiffId() => Digest.FromSha256(SHA256.HashData(ToTar()));

    private LayerContent Add(PaxTarEntry entry, int mode, int uid = 0, int gid = 0)
    {
        entry.Mode = (UnixFileMode)mode;
        entry.Uid = uid;
        entry.Gid = gid;
        entry.ModificationTime = Time;
        _entries.Add(entry);
        return this;
    }
}
