using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// A pool of our own on sparse files by loop devices (loop-lvm), or on two block devices that the user gives for data and metadata. The pool refuses to write when it is full
/// instead of letting writers wait for somebody who extends it.
/// </summary>
internal sealed class LoopBacking(IDeviceMapper mapper, DeviceMapperLayout layout, DeviceMapperOptions options) : IPoolBacking
{
    // The pool tells dmeventd when so many blocks are left; nobody has to listen.
    private const int LowWaterBlocks = 32768;

    public bool DiscardsByDefault => true;

    public long? FreeBytes => options.DataDevice is null ? FreeSpace.Of(layout.Home).Available : null;

    public string NameOf(PoolRecord record) => record.Prefix + "-pool";

    public string Activate(PoolRecord record)
    {
        var name = NameOf(record);
        if (mapper.Find(name) is { } active)
        {
            RefuseForeign(name);
            DeviceNode.Ensure(name, active);
            return name;
        }
        var metadata = options.MetadataDevice ?? AttachFile(layout.MetadataFile, options.LoopMetadataSize);
        var data = options.DataDevice ?? AttachFile(layout.DataFile, options.LoopDataSize);
        var device = mapper.Create(name, "LAYERSTORE-" + name, Table(metadata, data), readOnly: false);
        DeviceNode.Ensure(name, device);
        return name;
    }

    public void Deactivate(PoolRecord record)
    {
        var name = NameOf(record);
        DeviceNode.Remove(name);
        if (mapper.Remove(name, deferred: false) == MapperRemoval.Busy)
            throw new StoreException(
                ErrorIds.MountBusy, StoreErrorKind.InUse, name, $"The thin pool '{name}' is in use.",
                "Dismount the containers of the store and end what uses its devices ('dmsetup ls --tree' shows them), then try again.");
        foreach (var file in new[] { layout.DataFile, layout.MetadataFile })
            if (File.Exists(file))
                LoopDevice.Detach(file);
    }

    // The files hold nothing yet, and the next try finds them.
    public void Undo(PoolRecord record) => Deactivate(record);

    public IEnumerable<StatusLine> Status()
    {
        yield return new("Data file", options.DataDevice ?? Attached(layout.DataFile));
        yield return new("Metadata file", options.MetadataDevice ?? Attached(layout.MetadataFile));
        if (options.DataDevice is null)
            yield return new("Data loop file", layout.DataFile);
        if (options.MetadataDevice is null)
            yield return new("Metadata loop file", layout.MetadataFile);
    }

    public IEnumerable<string> Warnings()
    {
        if (options.UsesLoopFiles)
            yield return "devicemapper keeps its pool in files on loop devices (loop-lvm), which is slow and meant for tests; give a block device (dm.directlvm_device) or a thin pool (dm.thinpooldev).";
    }

    private MapperTable Table(string metadata, string data) => new(
        BlockDevice.SizeOf(data) / options.BlockSize * (options.BlockSize / 512), "thin-pool",
        string.Create(CultureInfo.InvariantCulture, $"{Number(metadata)} {Number(data)} {options.BlockSize / 512} {LowWaterBlocks} 2 skip_block_zeroing error_if_no_space"));

    /// <summary>A file system that was copied with its store carries the same names; its pool is another one.</summary>
    private void RefuseForeign(string name)
    {
        var words = mapper.Table(name)?.Split(' ') ?? [];
        if (words.Length > 1 && options.DataDevice is null && (LoopDevice.Find(layout.DataFile) is not { } data || words[1] != Number(data)))
            throw new StoreException(
                ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, layout.Home,
                $"The thin pool '{name}' is active on other files than '{Printable.Escape(layout.DataFile)}': this store is a copy of another one that is in use.",
                "Use the other store, or shut it down (dmsetup remove, losetup -d) before you open this one.");
    }

    private static string AttachFile(string path, long size)
    {
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            // A file that became too short for the option is made longer; one that is longer keeps its blocks.
            if (file.Length < size)
            {
                file.SetLength(size);
                file.Flush(flushToDisk: true);
            }
        }
        return LoopDevice.Attach(path);
    }

    private static string Attached(string file) => LoopDevice.Find(file) ?? "";

    private static string Number(string device) => BlockDevice.NumberOf(device) is var (major, minor)
        ? string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}")
        : throw new StoreException(
            ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, device, $"'{Printable.Escape(device)}' is no block device.",
            "Name a block device (lsblk lists them).");
}
