using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux.Btrfs;

/// <summary>Reads items out of btrfs's trees (BTRFS_IOC_TREE_SEARCH_V2), as the running transaction has them. Needs CAP_SYS_ADMIN.</summary>
internal static unsafe class BtrfsTree
{
    private const int BufferSize = 256 << 10;

    /// <summary>Takes an item. The data is valid during the call.</summary>
    /// <returns>False to stop.</returns>
    public delegate bool Visitor(BtrfsKey key, ReadOnlySpan<byte> data);

    /// <summary>Visits every item from one key to another, both included, in order.</summary>
    /// <param name="place">Any directory of the file system; of the subvolume itself where <paramref name="tree"/> is 0.</param>
    /// <param name="tree">The tree's id; 0 for the tree of the subvolume that <paramref name="place"/> is in.</param>
    /// <param name="from">The first key.</param>
    /// <param name="to">The last key.</param>
    /// <param name="visit">Takes the items.</param>
    /// <param name="minTransaction">Items are left out that stand in blocks which no transaction from this one on has written.</param>
    /// <returns>False where there is no such tree.</returns>
    /// <exception cref="StoreException">It may not be read.</exception>
    public static bool Search(SafeFileHandle place, ulong tree, BtrfsKey from, BtrfsKey to, Visitor visit, ulong minTransaction = 0)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(sizeof(BtrfsSearchArguments) + BufferSize);
        try
        {
            fixed (byte* start = buffer)
            {
                for (BtrfsKey? next = from; next is { } key;)
                {
                    var arguments = (BtrfsSearchArguments*)start;
                    *arguments = new BtrfsSearchArguments
                    {
                        TreeId = tree,
                        MinObject = key.Object,
                        MinType = key.Type,
                        MinOffset = key.Offset,
                        MaxObject = to.Object,
                        MaxType = to.Type,
                        MaxOffset = to.Offset,
                        MinTransaction = minTransaction,
                        MaxTransaction = ulong.MaxValue,
                        Items = uint.MaxValue,
                        BufferSize = BufferSize,
                    };
                    if (Libc.Ioctl(place.Descriptor(), Libc.BTRFS_IOC_TREE_SEARCH_V2, (nint)start) < 0)
                        return Marshal.GetLastPInvokeError() == Errno.ENOENT ? false : throw LinuxError.Last("search the btrfs trees of", DirectoryHandle.Describe(place.Descriptor()));
                    next = Visit(buffer.AsSpan(sizeof(BtrfsSearchArguments), BufferSize), arguments->Items, visit)?.Next;
                }
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The last key; null where the search is over.</summary>
    private static BtrfsKey? Visit(ReadOnlySpan<byte> items, uint count, Visitor visit)
    {
        BtrfsKey? last = null;
        for (; count > 0; count--)
        {
            var header = MemoryMarshal.Read<BtrfsSearchHeader>(items);
            items = items[sizeof(BtrfsSearchHeader)..];
            last = new BtrfsKey(header.Object, (byte)header.Type, header.Offset);
            if (!visit(last.Value, items[..(int)header.Length]))
                return null;
            items = items[(int)header.Length..];
        }
        return last;
    }
}
