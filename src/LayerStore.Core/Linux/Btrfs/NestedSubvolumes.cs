using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux.Btrfs;

/// <summary>Subvolumes inside subvolumes: whoever works in a container may make them, and each has to go before the one that holds it.</summary>
internal static unsafe class NestedSubvolumes
{
    // struct btrfs_root_ref: directory 8 bytes, sequence 8, name length 2, then the name.
    private const int NameLengthAt = 16, NameAt = 18;

    // struct btrfs_ioctl_ino_lookup_args: tree 8 bytes, object 8, then the path with its NUL.
    private const int LookupSize = 4096, PathAt = 16;

    /// <summary>
    /// Removes a subvolume and all that it holds. What it holds is moved beside it first, so that depth costs neither stack nor handles and a removal that is cut off leaves
    /// everything in that one directory.
    /// </summary>
    public static void Destroy(SafeFileHandle directory, byte[] terminatedName)
    {
        var pending = new Stack<byte[]>();
        pending.Push(terminatedName);
        while (pending.TryPeek(out var name))
        {
            if (Subvolume.TryDestroy(directory, name))
            {
                pending.Pop();
                continue;
            }
            using var root = DirectoryHandle.TryOpenAt(directory.Descriptor(), name);
            if (root is null)
                continue; // Gone meanwhile.
            Subvolume.SetReadOnly(root, false);
            if (!TryMoveOut(root, directory, pending))
                TreeRemover.Empty(root);
        }
    }

    /// <summary>Moves a subvolume to another directory; a read-only one becomes writable, since its <c>..</c> changes.</summary>
    public static void Move(SafeFileHandle from, byte[] name, SafeFileHandle to, byte[] newName)
    {
        using (var root = DirectoryHandle.TryOpenAt(from.Descriptor(), name))
        {
            if (root is not null)
                Subvolume.SetReadOnly(root, false);
        }
        EntryMove.Move(from.Descriptor(), name, to.Descriptor(), newName);
    }

    /// <summary>Moves the subvolumes that one holds into another directory; false where that moves none.</summary>
    private static bool TryMoveOut(SafeFileHandle root, SafeFileHandle directory, Stack<byte[]> moved)
    {
        var any = false;
        foreach (var (holder, name) in HeldBy(root))
        {
            if (PathOf(root, holder) is not { } path)
                continue;
            using var place = SafeOpen.Directory(root.Descriptor(), path);
            if (place is null)
                continue;
            var beside = Encoding.ASCII.GetBytes($"nested-{Guid.NewGuid():N}\0");
            Move(place, name, directory, beside);
            moved.Push(beside);
            any = true;
        }
        return any;
    }

    private static List<(ulong Directory, byte[] Name)> HeldBy(SafeFileHandle root)
    {
        var tree = Subvolume.InfoOf(root).TreeId;
        var held = new List<(ulong, byte[])>();
        BtrfsTree.Search(root, Libc.BTRFS_ROOT_TREE_OBJECTID, new BtrfsKey(tree, Libc.BTRFS_ROOT_REF_KEY, 0), new BtrfsKey(tree, Libc.BTRFS_ROOT_REF_KEY, ulong.MaxValue),
            (_, data) =>
            {
                held.Add((MemoryMarshal.Read<ulong>(data), FileName.Terminated(data.Slice(NameAt, MemoryMarshal.Read<ushort>(data[NameLengthAt..])))));
                return true;
            });
        return held;
    }

    /// <summary>The path of one of the subvolume's directories, ending with NUL; null where the kernel finds none, or one that is too long for it.</summary>
    private static byte[]? PathOf(SafeFileHandle root, ulong directory)
    {
        var buffer = new byte[LookupSize];
        MemoryMarshal.Write(buffer.AsSpan(8), directory);
        fixed (byte* start = buffer)
        {
            if (Libc.Ioctl(root.Descriptor(), Libc.BTRFS_IOC_INO_LOOKUP, (nint)start) < 0)
                return null;
        }

        // The kernel ends it with a slash.
        var path = buffer.AsSpan(PathAt);
        return FileName.Terminated(path[..path.IndexOf((byte)0)].TrimEnd((byte)'/'));
    }
}
