using System.Buffers.Binary;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// Reads a snapshot of a thin pool's metadata (drivers/md/dm-thin-metadata.c and persistent-data/dm-btree): two levels of B-trees, from devices to their blocks. Nodes that a device shares with its
/// origin are not entered, so that reading costs what changed, not what there is.
/// </summary>
internal sealed class ThinMetadata : IDisposable
{
    private const int BlockSize = 4096, NodeHeader = 32, MaxDepth = 16;
    private const ulong SuperblockMagic = 27022010;
    private const uint InternalNode = 1;

    // A mapping is the block's number and the pool's time at which it was made, in the lower 24 bits.
    private const ulong TimeMask = (1 << 24) - 1;

    private readonly SafeFileHandle _device;
    private readonly ulong _mappingRoot, _detailsRoot;
    private readonly Dictionary<int, HashSet<ulong>> _nodes = [];

    /// <summary>Opens the snapshot.</summary>
    /// <param name="device">The path of the pool's metadata device.</param>
    /// <param name="root">The block that the pool's status calls the held root.</param>
    public ThinMetadata(string device, long root)
    {
        _device = BlockDevice.OpenFresh(device);
        var superblock = Read((ulong)root);
        if (BinaryPrimitives.ReadUInt64LittleEndian(superblock.AsSpan(32)) != SuperblockMagic)
            throw Damaged((ulong)root, "it is no superblock");
        _mappingRoot = BinaryPrimitives.ReadUInt64LittleEndian(superblock.AsSpan(320));
        _detailsRoot = BinaryPrimitives.ReadUInt64LittleEndian(superblock.AsSpan(328));
    }

    public void Dispose() => _device.Dispose();

    /// <summary>Whether the pool has a device of that number.</summary>
    public bool Has(int device) => Lookup(_mappingRoot, device) is not null;

    /// <summary>How many blocks a device has that no other one has; null where the pool has no such device.</summary>
    /// <param name="device">Its number.</param>
    /// <param name="origin">The number of the one that it is a snapshot of.</param>
    public long? CountOwnBlocks(int device, int origin)
    {
        if (Lookup(_mappingRoot, device) is not { } root || Lookup(_detailsRoot, device, 20) is not { } snapshotted)
            return null;
        // What was mapped since the device was made as a snapshot is its own (dm-thin-metadata.c, __snapshotted_since).
        var since = snapshotted & uint.MaxValue;
        var shared = NodesOf(origin);
        var count = 0L;
        Visit(root, shared, entry => count += (entry & TimeMask) >= since ? 1 : 0, 0);
        return count;
    }

    private HashSet<ulong> NodesOf(int device)
    {
        if (_nodes.TryGetValue(device, out var known))
            return known;
        var nodes = new HashSet<ulong>();
        if (Lookup(_mappingRoot, device) is { } root)
            Collect(root, nodes, 0);
        return _nodes[device] = nodes;
    }

    /// <summary>The numbers of all nodes of a tree; leaves are known by their parents.</summary>
    private void Collect(ulong block, HashSet<ulong> nodes, int depth)
    {
        nodes.Add(block);
        var node = ReadNode(block, depth);
        if (!node.IsInternal)
            return;
        for (var i = 0; i < node.Count; i++)
        {
            // All leaves are equally deep: where the first child is one, all are.
            if (i == 0)
            {
                var first = ReadNode(node.Value(0), depth + 1);
                if (!first.IsInternal)
                {
                    for (var leaf = 0; leaf < node.Count; leaf++)
                        nodes.Add(node.Value(leaf));
                    return;
                }
            }
            Collect(node.Value(i), nodes, depth + 1);
        }
    }

    private void Visit(ulong block, HashSet<ulong> shared, Action<ulong> entry, int depth)
    {
        if (shared.Contains(block))
            return;
        var node = ReadNode(block, depth);
        for (var i = 0; i < node.Count; i++)
        {
            if (node.IsInternal)
                Visit(node.Value(i), shared, entry, depth + 1);
            else
                entry(node.Value(i));
        }
    }

    /// <summary>The eight bytes at an offset of what a tree has under a key, or as many as there are; null where it has nothing.</summary>
    private ulong? Lookup(ulong root, int key, int offset = 0)
    {
        for (var depth = 0; ; depth++)
        {
            var node = ReadNode(root, depth);
            var at = node.LastAtMost((ulong)key);
            if (at < 0)
                return null;
            if (!node.IsInternal)
                return node.Key(at) == (ulong)key ? node.Value(at, offset) : null;
            root = node.Value(at);
        }
    }

    private Node ReadNode(ulong block, int depth)
    {
        var node = new Node(Read(block));
        if (depth > MaxDepth || node.Number != block || node.Count > node.Room || NodeHeader + (node.Room * (8 + node.ValueSize)) > BlockSize)
            throw Damaged(block, "it is no node of a tree");
        return node;
    }

    private byte[] Read(ulong block)
    {
        var bytes = new byte[BlockSize];
        return RandomAccess.Read(_device, bytes, checked((long)block * BlockSize)) == BlockSize ? bytes : throw Damaged(block, "it is beyond the device's end");
    }

    private static StoreException Damaged(ulong block, string why) => new(
        ErrorIds.DevicePoolFailed, StoreErrorKind.StoreDamaged, null, $"The thin pool's metadata cannot be read at block {block}: {why}.",
        "Check the pool's metadata with thin_check (package thin-provisioning-tools) when nothing is mounted and the pool is down.");

    /// <summary>struct btree_node.</summary>
    private readonly struct Node(byte[] bytes)
    {
        public bool IsInternal => (UInt(4) & InternalNode) != 0;

        public ulong Number => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8));

        public uint Count => UInt(16);

        public uint Room => UInt(20);

        public uint ValueSize => UInt(24);

        public ulong Key(int index) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(NodeHeader + (index * 8)));

        public ulong Value(int index, int offset = 0)
        {
            var at = bytes.AsSpan(NodeHeader + ((int)Room * 8) + (index * (int)ValueSize) + offset);
            return ValueSize - offset >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
        }

        /// <summary>The place of the last key that is not greater; -1 where all are.</summary>
        public int LastAtMost(ulong key)
        {
            var (low, high) = (0, (int)Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (Key(middle) <= key)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low - 1;
        }

        private uint UInt(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
    }
}
