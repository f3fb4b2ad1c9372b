using LayerStore.Archives;
using LayerStore.Archives.Extraction;
using LayerStore.Linux;

namespace LayerStore.Containers.Copying;

/// <summary>
/// What a copy looks like: whose it is, its mode and attributes. An ordinary user's store keeps what he may not set in an attribute (<see cref="OverrideStat"/>), which is read on the way out and
/// written on the way in.
/// </summary>
/// <param name="intoContainer">The direction.</param>
/// <param name="archive">Whether owner, set-id bits, attributes and devices are kept.</param>
internal sealed class CopyRules(bool intoContainer, bool archive)
{
    // A program may not become another user's by being copied.
    private const uint PlainMode = 0x3FF, ArchiveMode = 0xFFF;

    /// <summary>True where the process is root's.</summary>
    public static bool IsRoot { get; } = Libc.Geteuid() == 0;

    /// <summary>True where the store keeps owners and modes in an attribute.</summary>
    public bool RecordsOverrides => intoContainer && !IsRoot;

    /// <summary>What a file is: what the disk says of it, or the attribute in its place.</summary>
    public OverrideStat Describe(in StatxData data, ReadOnlySpan<byte> procPath)
    {
        if (intoContainer || IsRoot || data.IsSymlink)
            return new OverrideStat(data.Uid, data.Gid, data.Mode, data.DeviceMajor, data.DeviceMinor);
        if (ExtendedAttributes.Get(procPath, OverrideStat.NameBytes) is not { } value || !OverrideStat.TryParse(value, out var recorded))
            return new OverrideStat(0, 0, data.Mode, data.DeviceMajor, data.DeviceMinor);
        return recorded.Type == 0 ? recorded with { Mode = recorded.Mode | data.Type } : recorded;
    }

    /// <summary>What the copy is to be.</summary>
    public OverrideStat CopyOf(OverrideStat source) => archive ? source : source with { Uid = 0, Gid = 0, Mode = source.Type | (source.Mode & PlainMode) };

    /// <summary>True where owners are set: always in a container, where a directory might hand down its group, and outside only where they are kept.</summary>
    public bool SetsOwner => IsRoot && (intoContainer || archive);

    /// <summary>Why an entry is left out; null where it is copied.</summary>
    public string? Refusal(uint type) => type switch
    {
        Libc.S_IFREG or Libc.S_IFDIR or Libc.S_IFLNK => null,
        Libc.S_IFIFO when IsRoot || !intoContainer => null,
        Libc.S_IFBLK or Libc.S_IFCHR when archive && IsRoot => null,
        Libc.S_IFSOCK => "a socket, which nothing could use",
        Libc.S_IFIFO => "a pipe, which an ordinary user's store does not hold",
        _ => archive ? "a device, which only root may make" : "a device; -Archive copies devices",
    };

    /// <summary>Mode bits for the disk. An ordinary user must stay able to read his store; the true mode stands in the attribute.</summary>
    public uint DiskMode(OverrideStat copy) =>
        copy.Mode & ArchiveMode & ~(RecordsOverrides ? 0xE00u : 0) | (RecordsOverrides ? copy.Type == Libc.S_IFDIR ? 0x1C0u : 0x180u : 0);

    /// <summary>Copies extended attributes where they are kept, by paths through handles.</summary>
    public void CopyAttributes(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (archive)
            ExtendedAttributes.Copy(from, to, Applied);
    }

    /// <summary>The name that an attribute gets; null where it is overlayfs's, the store's own, or signed by a security module for another place.</summary>
    private byte[]? Applied(byte[] name)
    {
        ReadOnlySpan<byte> given = name;
        if (given.StartsWith("trusted.overlay."u8) || given.StartsWith("user.overlay."u8))
            return null;
        Span<byte> applied = stackalloc byte[320];
        var length = XattrRule.Apply(given, RecordsOverrides, escapesOverlay: true, applied);
        return length == 0 ? null : applied[..length].ToArray();
    }
}
