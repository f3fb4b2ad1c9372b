using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux.Btrfs;

/// <summary>Subvolumes inside subvolumes: whoever works in a container may make them, and each has to go before the one that holds it.</summary>
internal static unsafe class NestedSubvolumes
{
    // struct btrfs_root_ref: directory 8 bytes, sequence 8, name length 2, then the name.
    private const int NameLengthAt = 16, NameAt = 18;

    // struct btrfs_ioctl_ino_lookup_args: tree 8 bytes, object 8, then the path with its NUL.
    private const int LookupSize = 4096, PathAt = 16;

    /// <summary>True where a subvolume holds others.</summary>
    public static bool Any(SafeFileHandle root) => Find(root, first: true).Count > 0;

    /// <summary>Removes a subvolume and all that it holds, at any depth.</summary>
    public static void Destroy(SafeFileHandle directory, byte[] terminatedName)
    {
        while (!Subvolume.TryDestroy(directory, terminatedName))
        {
            using var root = DirectoryHandle.TryOpenAt(directory.Descriptor(), terminatedName);
            if (root is null)
                return;
            Subvolume.SetReadOnly(root, false);
            foreach (var (parent, name) in Find(root, first: false))
            {
                using var holder = parent is [0] ? null : SafeOpen.Directory(root.Descriptor(), parent);
                if (holder is not null || parent is [0])
                    Destroy(holder ?? root, name);
            }
        }
    }

    private static List<(byte[] Parent, byte[] Name)> Find(SafeFileHandle root, bool first)
    {
        var tree = Subvolume.InfoOf(root).TreeId;
        var found = new List<(ulong Directory, byte[] Name)>();
        BtrfsTree.Search(root, Libc.BTRFS_ROOT_TREE_OBJECTID, new BtrfsKey(tree, Libc.BTRFS_ROOT_REF_KEY, 0), new BtrfsKey(tree, Libc.BTRFS_ROOT_REF_KEY, ulong.MaxValue),
            (_, data) =>
            {
                found.Add((MemoryMarshal.Read<ulong>(data), FileName.Terminated(data.Slice(NameAt, MemoryMarshal.Read<ushort>(data[NameLengthAt..])))));
                return !first;
            });
        return [.. found.Select(nested => (PathOf(root, nested.Directory), nested.Name))];
    }

    /// <summary>The path of one of the subvolume's directories; <c>"\0"</c> for its root.</summary>
    private static byte[] PathOf(SafeFileHandle root, ulong directory)
    {
        var buffer = new byte[LookupSize];
        MemoryMarshal.Write(buffer.AsSpan(8), directory);
        fixed (byte* start = buffer)
        {
            if (Libc.Ioctl(root.Descriptor(), Libc.BTRFS_IOC_INO_LOOKUP, (nint)start) < 0)
                throw LinuxError.Last("find a directory of the subvolume", new FileInfo($"/proc/self/fd/{root.Descriptor()}").LinkTarget ?? "?");
        }

        // The kernel ends it with a slash.
        var path = buffer.AsSpan(PathAt);
        return FileName.Terminated(path[..path.IndexOf((byte)0)].TrimEnd((byte)'/'));
    }
}
