using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux.Btrfs;

/// <summary>
/// Finds the inodes of a subvolume that changed since a transaction. btrfs's trees say so without a look at what did not change: blocks carry the transaction that wrote them, inodes the
/// one that changed them.
/// </summary>
internal static class SubvolumeChanges
{
    // struct btrfs_inode_item: generation, transaction, size, bytes, block group, links. struct btrfs_inode_extref begins with the directory.
    private const int TransactionAt = 8, LinksAt = 40;

    /// <summary>Finds them.</summary>
    /// <param name="root">The subvolume's root directory.</param>
    /// <param name="transaction">What this transaction and earlier ones did does not count.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static ChangedInodes Since(SafeFileHandle root, ulong transaction, CancellationToken cancellation)
    {
        HashSet<ulong> changed = [], passed = [];
        var directories = Search(root, transaction, changed, cancellation);
        var pending = new Stack<ulong>(changed);
        while (pending.TryPop(out var inode))
        {
            if (inode == Libc.BTRFS_FIRST_FREE_OBJECTID)
                continue;
            foreach (var directory in directories.TryGetValue(inode, out var only) ? [only] : DirectoriesOf(root, inode))
                if (passed.Add(directory))
                    pending.Push(directory);
        }
        return new ChangedInodes(changed, passed);
    }

    /// <summary>Fills the set of changed inodes; gives the directories of those with one name, as far as they stand beside them.</summary>
    private static Dictionary<ulong, ulong> Search(SafeFileHandle root, ulong transaction, HashSet<ulong> changed, CancellationToken cancellation)
    {
        var directories = new Dictionary<ulong, ulong>();
        ulong single = 0;
        BtrfsTree.Search(
            root, tree: 0, new BtrfsKey(Libc.BTRFS_FIRST_FREE_OBJECTID, 0, 0), new BtrfsKey(Libc.BTRFS_LAST_FREE_OBJECTID, byte.MaxValue, ulong.MaxValue),
            (key, data) =>
            {
                if (key.Type == Libc.BTRFS_INODE_ITEM_KEY)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var isChanged = MemoryMarshal.Read<ulong>(data[TransactionAt..]) > transaction;
                    if (isChanged)
                        changed.Add(key.Object);

                    // Other names of one file may stand in blocks that nobody wrote.
                    single = isChanged && MemoryMarshal.Read<uint>(data[LinksAt..]) == 1 ? key.Object : 0;
                }
                else if (key.Type == Libc.BTRFS_INODE_REF_KEY && key.Object == single)
                    directories[single] = key.Offset;
                return true;
            },
            minTransaction: transaction + 1);
        return directories;
    }

    private static List<ulong> DirectoriesOf(SafeFileHandle root, ulong inode)
    {
        var directories = new List<ulong>();
        BtrfsTree.Search(
            root, tree: 0, new BtrfsKey(inode, Libc.BTRFS_INODE_REF_KEY, 0), new BtrfsKey(inode, Libc.BTRFS_INODE_EXTREF_KEY, ulong.MaxValue),
            (key, data) =>
            {
                directories.Add(key.Type == Libc.BTRFS_INODE_REF_KEY ? key.Offset : MemoryMarshal.Read<ulong>(data));
                return true;
            });
        return directories;
    }
}
