using System.Collections.Concurrent;
using LayerStore.Archives;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>Layers as devices of a thin pool, each a snapshot of its parent's and with a file system whose root is the container's.</summary>
internal sealed class DeviceMapperDriver : IStorageDriver
{
    private readonly DeviceMapperLayout _layout;
    private readonly DeviceMapperOptions _options;
    private readonly ThinPool _pool;
    private readonly ThinDevices _devices;
    private readonly DeviceRemoval _removal;
    private readonly DeviceFileSystem _fileSystem;
    private readonly PoolRecord _record;

    // Layers between OpenForApply and CompleteApply: their file systems stay mounted, so that the kernel remembers a write that failed.
    private readonly ConcurrentDictionary<LayerId, DeviceView> _applying = new();

    /// <summary>Opens the driver on a pool that is ready.</summary>
    public DeviceMapperDriver(DeviceMapperLayout layout, DeviceMapperOptions options, ThinPool pool, ThinDevices devices)
    {
        (_layout, _options, _pool, _devices) = (layout, options, pool, devices);
        _record = pool.Record;
        _fileSystem = new DeviceFileSystem(_record.FileSystem, options);
        _removal = new DeviceRemoval(layout, options, pool, devices, _record);
    }

    public string Name => DeviceMapperDriverFactory.DriverName;

    public DriverFeatures Features => DeviceMapperDriverFactory.AllFeatures;

    public int MaxDepth => int.MaxValue;

    public LayerQuota? DefaultQuota => new(_record.BaseSize);

    public IReadOnlyList<StatusLine> Status() => DeviceMapperStatus.Of(_layout, _options, _pool, _record, _fileSystem);

    public IReadOnlyList<string> Warnings() => DeviceMapperStatus.Warnings(_options, _pool);

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents)
    {
        if (Directory.Exists(_layout.Layer(id)))
            throw LayerFiles.Exists(id);
        var origin = parents.Count == 0 ? Base : Find(parents[0]);
        if (!origin.ReadOnly)
            throw new InvalidOperationException("A layer begins only on a committed one.");
        _pool.CreateSnapshot(id, origin);
    }

    public ExtractionTarget OpenForApply(LayerId id)
    {
        var view = View(Find(id), writable: true);
        try
        {
            var directory = DirectoryHandle.Open(SnapshotJoin.CreateStaging(view.RootPath, id));
            if (!_applying.TryAdd(id, view))
                throw new InvalidOperationException("A layer is opened for its archive once.");
            return new ExtractionTarget(directory, directory.ProcPath(), WhiteoutDialect.Overlay, RecordOverrides: false);
        }
        catch
        {
            view.Dispose();
            throw;
        }
    }

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted)
    {
        using var view = _applying.TryRemove(id, out var open) ? open : View(Find(id), writable: true);
        SnapshotJoin.Run(view.RootPath, id, OverlayFormat.Privileged, parents.Count > 0, extracted);
        Flush(view);
    }

    public string MetadataDirectory(LayerId id) => _layout.Layer(id);

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json) => LayerFiles.WriteIdentity(_layout.Layer(id), json);

    public void Commit(LayerId id)
    {
        var device = Find(id);
        using (_devices.Enter(device))
        {
            // When the device is gone, its file system was unmounted and everything is written.
            if (!_devices.Deactivate(device, deferred: false))
                throw DeviceRemoval.Busy(id, device);
            (RecordOf(id) with { State = DeviceState.Committed }).Write(_layout.Layer(id));
        }
    }

    public void Sync()
    {
        foreach (var view in _applying.Values)
            Flush(view);
        DirectoryHandle.FlushFileSystem(_layout.Home);
        _pool.Flush();
    }

    // The pool and the record are durable already when the device is made.
    public void SyncLayer(LayerId id)
    {
        LayerFiles.FlushIdentity(_layout.Layer(id));
        DirectoryHandle.Flush(_layout.Layer(id));
    }

    public void Remove(LayerId id)
    {
        if (_applying.TryRemove(id, out var view))
            view.Dispose();
        _removal.Remove(id);
    }

    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode)
    {
        var device = Find(id);
        return _fileSystem.Plan(DeviceNode.PathOf(device.Name), device.ReadOnly, mode == MountMode.ReadOnly);
    }

    public void Attach(LayerId id)
    {
        var device = Find(id);
        using (_devices.Enter(device))
        {
            if (!File.Exists(device.Touched))
            {
                File.WriteAllBytes(device.Touched, []);
                DirectoryHandle.Flush(device.Directory);
            }
            File.WriteAllBytes(device.Attached, []);
            _devices.Activate(device);
        }
        if (RecordOf(id).Growing)
            FinishGrowing(id, device);
    }

    // Mounting for writing writes, and a block that the image has too is copied for it.
    public StoreException ExplainMountFailure(StoreException failure) =>
        _pool.EnsureActive() is var pool && _pool.StatusOf(pool).Mode == "out_of_data_space" ? PoolErrors.Full(pool, "a file system on it could not be mounted for writing", failure) : failure;

    public void Mounted(LayerId id) => _devices.Mounted(Find(id), _fileSystem);

    public void Detach(LayerId id)
    {
        if (TryFind(id) is not { } device)
            return;
        using (_devices.Enter(device))
        {
            File.Delete(device.Attached);
            _devices.Deactivate(device, _options.DeferredRemoval);
        }
    }

    public LayerDirectory OpenContents(LayerId id)
    {
        var view = View(Find(id), writable: false);
        return new LayerDirectory(view.Root, view.Dispose);
    }

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) =>
        IsUntouched(id, cancellation) ? default : Compare(id, parents, cancellation).Usage with { AllocatedBytes = null };

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) =>
        IsUntouched(id, cancellation) ? [] : Compare(id, parents, cancellation).Changes;

    public LayerAccount? Account(LayerId id) => Accounts([id]).TryGetValue(id, out var account) ? account : null;

    public IReadOnlyDictionary<LayerId, LayerAccount> Accounts(IReadOnlyList<LayerId> ids)
    {
        var records = ids.Distinct().Select(id => (Id: id, Record: DeviceRecord.Read(_layout.Layer(id)))).Where(layer => layer.Record is not null).ToList();
        var known = new PoolAccounts(_pool).OwnBytes([.. records.Select(layer => (layer.Record!.Device, layer.Record.Origin))]);
        return records.Zip(known).Where(layer => layer.Second is not null).ToDictionary(
            layer => layer.First.Id, layer => new LayerAccount(layer.Second, Unchanged: IsUntouched(layer.First.Id, DeviceOf(layer.First.Id, layer.First.Record!))));
    }

    public IEnumerable<StoredLayer> Enumerate() => LayerFiles.Enumerate(_layout.Home, DeviceMapperLayout.LayersName);

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids)
    {
        var devices = ids.Select(id => (Id: id, Device: TryFind(id))).ToList();
        var missing = new PoolAccounts(_pool).FindMissing([.. devices.Where(layer => layer.Device is not null).Select(layer => layer.Device!.Number)]);
        return devices.Where(layer => layer.Device is not { } device || (missing?.Contains(device.Number) ?? !CanBeUsed(device))).Select(layer => layer.Id).ToHashSet();
    }

    public void Rename(LayerId id, LayerId newId) => _pool.Rename(id, newId);

    public void SetQuota(LayerId id, LayerQuota quota)
    {
        if (quota.MaxInodes is not null)
            throw new StoreException(ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, id.Value,
                "The driver devicemapper does not limit inodes.", "Leave that limit out: the size of the file system limits them.");
        if (quota.MaxBytes is not { } bytes)
            return;
        var record = RecordOf(id);
        bytes = bytes / 512 * 512;
        if (bytes < record.Size)
            throw new StoreException(ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, id.Value,
                $"A container on devicemapper cannot be smaller than its image's devices: {ByteSize.Format(bytes)} is less than {ByteSize.Format(record.Size)}.",
                "Give that size at least; a store with a smaller dm.basesize makes smaller containers.");
        var device = Find(id);
        using (_devices.Enter(device))
            (record with { Size = bytes, Growing = true }).Write(_layout.Layer(id));
        device = device with { Size = bytes };
        using (_devices.Enter(device))
            _devices.Resize(device);
        FinishGrowing(id, device);
    }

    public void Shutdown()
    {
        foreach (var id in _applying.Keys)
            if (_applying.TryRemove(id, out var view))
                view.Dispose();
        new PoolShutdown(_layout, _pool, _record).Run();
    }

    /// <summary>What is asked of a pool whose books cannot be read.</summary>
    private bool CanBeUsed(ThinDevice device)
    {
        try
        {
            View(device, writable: false).Dispose();
            return true;
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.LayerNotFound)
        {
            return false;
        }
    }

    private ThinDevice Base => new(_record.Prefix + "-base", _layout.Base, PoolRecord.BaseDevice, _record.BaseSize, ReadOnly: true);

    private ThinDevice Find(LayerId id) => TryFind(id) ?? throw LayerFiles.Missing(id, _layout.Layer(id));

    private ThinDevice? TryFind(LayerId id) => DeviceRecord.Read(_layout.Layer(id)) is { } record ? DeviceOf(id, record) : null;

    private ThinDevice DeviceOf(LayerId id, DeviceRecord record) =>
        new($"{_record.Prefix}-{id.Value}", _layout.Layer(id), record.Device, record.Size, record.State == DeviceState.Committed);

    private DeviceRecord RecordOf(LayerId id) => DeviceRecord.Read(_layout.Layer(id)) ?? throw LayerFiles.Missing(id, _layout.Layer(id));

    private DeviceView View(ThinDevice device, bool writable) => new(_devices, device, _fileSystem, writable);

    private void Flush(DeviceView view)
    {
        try
        {
            view.Flush();
        }
        catch (StoreException) when (_pool.Status().Mode == "out_of_data_space")
        {
            _pool.CheckRoom(_pool.EnsureActive());
            throw;
        }
    }

    private void FinishGrowing(LayerId id, ThinDevice device)
    {
        using (var view = View(device, writable: true))
            _fileSystem.Grow(view.Root, device.Size);
        using (_devices.Enter(device))
            (RecordOf(id) with { Growing = false }).Write(_layout.Layer(id));
    }

    /// <summary>A container that was never attached cannot have changed.</summary>
    private bool IsUntouched(LayerId id, ThinDevice device) => !device.ReadOnly && !File.Exists(device.Touched) && !_applying.ContainsKey(id);

    /// <summary>As above, of one whose device is in the pool: where it is not, the error is that of looking at it.</summary>
    private bool IsUntouched(LayerId id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Find(id) is var device && IsUntouched(id, device) && !FindLost([id]).Contains(id);
    }

    private TreeDiffer Compare(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation)
    {
        using var view = View(Find(id), writable: false);
        using var parent = parents.Count == 0 ? null : View(Find(parents[0]), writable: false);
        return TreeDiffer.CompareSnapshot(view.RootPath, parent?.RootPath, cancellation);
    }
}
