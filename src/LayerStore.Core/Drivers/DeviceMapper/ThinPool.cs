using System.Globalization;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// The pool: brought up when it is needed, told to make and delete devices. No device that may be written is ever an origin, so nothing has to be suspended
/// for a snapshot.
/// </summary>
internal sealed class ThinPool(IDeviceMapper mapper, DeviceMapperLayout layout, DeviceMapperOptions options, IPoolBacking backing)
{
    // 24 bits (linux/drivers/md/dm-thin-metadata.h).
    private const int MaxDevice = (1 << 24) - 1;

    /// <summary>Who the pool is reached by.</summary>
    public IDeviceMapper Mapper => mapper;

    /// <summary>What the pool stands on.</summary>
    public IPoolBacking Backing => backing;

    /// <summary>What <c>pool.json</c> says.</summary>
    /// <exception cref="StoreException">There is none.</exception>
    public PoolRecord Record => PoolRecord.Read(layout) ?? throw new StoreException(
        ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, layout.Pool, $"The file '{Printable.Escape(layout.Pool)}' is missing.",
        "Restore it from a backup; without it the pool's devices cannot be told from others.");

    /// <summary>The pool's lock, under which its devices are made and deleted.</summary>
    public SafeFileHandle Enter() => LockFile.Enter(layout.Lock, $"the pool of '{Printable.Escape(layout.Home)}'");

    /// <summary>Brings the pool up where it is down, as after a boot; gives its name.</summary>
    public string EnsureActive()
    {
        var record = Record;
        var name = backing.NameOf(record);
        if (mapper.Find(name) is not null)
            return name;
        using (Enter())
            return backing.Activate(record);
    }

    /// <summary>The pool's state.</summary>
    public PoolStatus Status() => StatusOf(EnsureActive());

    /// <summary>As <see cref="Status"/>, of the pool by its name.</summary>
    public PoolStatus StatusOf(string name) => PoolStatus.Parse(mapper.Status(name) ?? "", BlockSizeOf(name));

    /// <summary>Bytes of a block of data.</summary>
    public long BlockSizeOf(string name) =>
        mapper.Table(name)?.Split(' ') is [_, _, var sectors, ..] && long.TryParse(sectors, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count * 512
            : options.BlockSize;

    /// <summary>Makes everything that the pool was told and given durable.</summary>
    public void Flush()
    {
        var name = EnsureActive();
        BlockDevice.Flush(DeviceNode.PathOf(name));
        _ = mapper.Status(name, commit: true);
    }

    /// <summary>Makes a layer's device, a snapshot of its origin, and its record.</summary>
    /// <param name="id">The layer, whose directory does not exist.</param>
    /// <param name="origin">A device that is never written.</param>
    public void CreateSnapshot(LayerId id, ThinDevice origin)
    {
        var name = EnsureActive();
        using (Enter())
        {
            UndoInterrupted(name);
            CheckRoom(name);
            if (!DirectoryHandle.TryCreate(layout.Layer(id), 0x1C0))
                throw LayerFiles.Exists(id);
            try
            {
                var device = MakeDevice(name, id, origin);
                new DeviceRecord { Device = device, Size = origin.Size, State = DeviceState.Writable, Origin = origin.Number }.Write(layout.Layer(id));
            }
            catch
            {
                // What the record of the creation says is undone by whoever comes next, too.
                TryUndo(name);
                throw;
            }
        }
    }

    /// <summary>Gives a layer's directory the name of another layer, which is not there.</summary>
    public void Rename(LayerId id, LayerId newId)
    {
        using (Enter())
        {
            // Nobody has the device under that name any more, and so the next creation would take it for an interrupted one.
            if (DeviceMapperJson.Read(layout.Creation, DeviceMapperJson.Default.CreationRecord) is { Settled: false } begun && begun.Layer == id.Value)
                WriteCreation(begun with { Settled = true });
            EntryMove.Move(layout.Layer(id), layout.Layer(newId));
        }
    }

    /// <summary>Deletes a device from the pool; one that is not there is no error.</summary>
    public void Delete(int device)
    {
        var name = EnsureActive();
        using (Enter())
            DeleteLocked(name, device);
    }

    /// <summary>Makes the base device, empty. Called with the pool's lock held.</summary>
    public void CreateBase(string name)
    {
        DeleteLocked(name, PoolRecord.BaseDevice);
        Tell(name, $"create_thin {PoolRecord.BaseDevice}");
    }

    /// <summary>Refuses where the pool is not to be written, or has less room than is to be kept.</summary>
    public void CheckRoom(string name)
    {
        var status = StatusOf(name);
        RefuseFailed(name, status);
        if (status.Mode == "out_of_data_space")
            throw PoolErrors.Full(name, "it has no free data blocks");
        if (Shortage(status, options.MinFreePercent) is { } shortage)
            throw PoolErrors.Full(name, shortage);
    }

    /// <summary>What of the pool has less than this percentage free, in words; null where nothing has.</summary>
    public string? Shortage(PoolStatus status, int percent)
    {
        if (Below(status.TotalData - status.UsedData, status.TotalData, percent))
            return Describe("data", status.TotalData - status.UsedData, status.TotalData, percent);
        if (Below(status.TotalMetadata - status.UsedMetadata, status.TotalMetadata, percent))
            return Describe("metadata", status.TotalMetadata - status.UsedMetadata, status.TotalMetadata, percent);
        // The files are sparse: the pool may promise more than the disk below has. A tenth of what the pool keeps free is kept there.
        if (backing.FreeBytes is { } free && Below(free, FreeSpace.Of(layout.Home).Total, (percent + 9) / 10))
            return $"the file system below its files has {ByteSize.Format(free)} left";
        return null;
    }

    /// <summary>Refuses where the kernel does not write the pool.</summary>
    public static void RefuseFailed(string name, PoolStatus status)
    {
        if (status.NeedsCheck)
            throw PoolErrors.Failed(name, "the kernel wants its metadata checked");
        if (status.Mode is not ("rw" or "out_of_data_space"))
            throw PoolErrors.Failed(name, $"its mode is '{status.Mode}'");
    }

    /// <summary>Undoes a creation that ended before its layer had a record. Called with the pool's lock held.</summary>
    public void UndoInterrupted(string name)
    {
        var begun = DeviceMapperJson.Read(layout.Creation, DeviceMapperJson.Default.CreationRecord);
        if (begun is null or { Settled: true } || !LayerId.TryParse(begun.Layer, out var id))
            return;
        foreach (var directory in new[] { layout.Layer(id), layout.Aside(id) })
            if (DeviceRecord.Read(directory)?.Device == begun.Device)
                return;
        DeleteLocked(name, begun.Device);
        WriteCreation(begun with { Settled = true });
    }

    /// <summary>The error of a message that the pool did not obey.</summary>
    private StoreException Refused(string name, string message, int error)
    {
        var status = StatusOf(name);
        try
        {
            RefuseFailed(name, status);
        }
        catch (StoreException failed)
        {
            return failed;
        }
        return error == Errno.ENOSPC
            ? PoolErrors.Full(name, $"the message '{message}' found no room in its metadata")
            : LinuxError.From(error, $"send '{message}' to the thin pool", name);
    }

    private int MakeDevice(string name, LayerId id, ThinDevice origin)
    {
        var last = DeviceMapperJson.Read(layout.Creation, DeviceMapperJson.Default.CreationRecord)?.Device ?? PoolRecord.BaseDevice;
        while (true)
        {
            last = last < MaxDevice ? last + 1 : throw PoolErrors.Full(name, $"all {MaxDevice} numbers of devices were given once");
            WriteCreation(new CreationRecord(id.Value, last));
            var said = string.Create(CultureInfo.InvariantCulture, $"create_snap {last} {origin.Number}");
            switch (mapper.Message(name, said))
            {
                case 0:
                    return last;
                case Errno.EEXIST:
                    // Somebody else's, and so not to be undone.
                    WriteCreation(new CreationRecord(id.Value, last, Settled: true));
                    continue;
                case var error:
                    var refusal = Refused(name, said, error);
                    throw error == Errno.ENODATA && refusal.ErrorId == ErrorIds.InputOutputError ? PoolErrors.DeviceMissing(origin.Name, origin.Number, refusal) : refusal;
            }
        }
    }

    private void DeleteLocked(string name, int device)
    {
        var message = $"delete {device}";
        var error = mapper.Message(name, message);
        if (error is not (0 or Errno.ENODATA or Errno.ENOENT))
            throw Refused(name, message, error);
    }

    private void Tell(string name, string message)
    {
        var error = mapper.Message(name, message);
        if (error != 0)
            throw Refused(name, message, error);
    }

    private void TryUndo(string name)
    {
        try
        {
            UndoInterrupted(name);
        }
        catch (StoreException)
        {
            // The first failure is the one to be told.
        }
    }

    private void WriteCreation(CreationRecord record) =>
        DeviceMapperJson.Write(layout.Creation, record, DeviceMapperJson.Default.CreationRecord);

    private static bool Below(long free, long total, int percent) => free < total / 100 * percent;

    private static string Describe(string what, long free, long total, int percent) =>
        $"{ByteSize.Format(free)} of {ByteSize.Format(total)} of its {what} are free, less than the {percent}% that are kept free";
}
