namespace LayerStore.Drivers.DeviceMapper;

/// <summary>devicemapper's options, by Docker's names and with Docker's values where none is given.</summary>
internal sealed class DeviceMapperOptions
{
    private const long Kibi = 1 << 10, Mebi = 1 << 20, Gibi = 1L << 30;

    // What mkfs.xfs makes at least.
    private const long LeastXfs = 300 * Mebi;

    /// <summary>What devicemapper takes.</summary>
    public static IReadOnlyList<DriverOption> Known { get; } =
    [
        new("dm.basesize", DriverOptionType.Size, "The size of every container's file system, where New-Container -Size gives it a larger one.") { Default = "10G", Minimum = 64 * Mebi },
        new("dm.fs", DriverOptionType.Choice, "The file system of the containers; xfs where the machine can make it, else ext4.") { Values = [DeviceFileSystem.Ext4, DeviceFileSystem.Xfs] },
        new("dm.mkfsarg", DriverOptionType.Text, "Further arguments of mkfs, separated by blanks."),
        new("dm.mountopt", DriverOptionType.Text, "Further mount options, separated by commas."),
        new("dm.loopdatasize", DriverOptionType.Size, "The length of the sparse file for data (loop-lvm).") { Default = "100G", Minimum = 64 * Mebi },
        // The kernel uses no more than 16 GiB (THIN_METADATA_MAX_SECTORS).
        new("dm.loopmetadatasize", DriverOptionType.Size, "The length of the sparse file for metadata (loop-lvm).") { Default = "2G", Minimum = 2 * Mebi, Maximum = 16 * Gibi },
        new("dm.datadev", DriverOptionType.Text, "A block device for data instead of the sparse file."),
        new("dm.metadatadev", DriverOptionType.Text, "A block device for metadata instead of the sparse file; its first 4 KiB are zero for a new pool."),
        new("dm.thinpooldev", DriverOptionType.Text, "An existing thin pool that nobody else uses."),
        // DATA_DEV_BLOCK_SIZE_MIN_SECTORS and _MAX_SECTORS of drivers/md/dm-thin.c.
        new("dm.blocksize", DriverOptionType.Size, "The size of the pool's blocks, a multiple of 64K.") { Default = "64K", Minimum = 64 * Kibi, Maximum = Gibi },
        new("dm.blkdiscard", DriverOptionType.Boolean, "Whether the blocks of a removed layer are given back to what the pool stands on; true for files, false for block devices."),
        new("dm.min_free_space", DriverOptionType.Percentage, "How much of the pool must be free for a new layer or container.") { Default = "10%", Maximum = 99 },
        new("dm.use_deferred_removal", DriverOptionType.Boolean, "Whether a device in use goes with its last user after a dismount.") { Default = "true" },
        new("dm.use_deferred_deletion", DriverOptionType.Boolean, "Whether a layer in use may be removed, and deleted when its last user has gone.") { Default = "false" },
        new("dm.xfs_nospace_max_retries", DriverOptionType.Number, "How often xfs tries to write again where the pool is full.") { Maximum = int.MaxValue },
        new("dm.directlvm_device", DriverOptionType.Text, "A block device to be set up with LVM."),
        new("dm.directlvm_device_force", DriverOptionType.Boolean, "Whether dm.directlvm_device is taken although there is something on it, which is lost.") { Default = "false" },
        new("dm.thinp_percent", DriverOptionType.Percentage, "How much of dm.directlvm_device is for data.") { Default = "95", Minimum = 1 },
        new("dm.thinp_metapercent", DriverOptionType.Percentage, "How much of dm.directlvm_device is for metadata.") { Default = "1", Minimum = 1 },
        new("dm.thinp_autoextend_threshold", DriverOptionType.Percentage, "How full the pool is when LVM extends it; 100 for never.") { Default = "80", Minimum = 1 },
        new("dm.thinp_autoextend_percent", DriverOptionType.Percentage, "By how much LVM extends it.") { Default = "20", Minimum = 1 },
        // Docker's configurations may say these; there is no libdm, and nothing waits for udev.
        new("dm.override_udev_sync_check", DriverOptionType.Boolean, "Has no effect: nothing waits for udev.") { Default = "false" },
        new("dm.libdm_log_level", DriverOptionType.Number, "Has no effect: libdm is not used.") { Minimum = 2, Maximum = 7 },
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    public DeviceMapperOptions(DriverOptions options)
    {
        var values = new DriverOptionValues(DeviceMapperDriverFactory.DriverName, Known, options);
        BaseSize = Sectors(values, "dm.basesize");
        FileSystem = values.Text("dm.fs");
        MkfsArguments = Words(values, "dm.mkfsarg", ' ');
        MountOptions = [.. Words(values, "dm.mountopt", ',').Select(MountOption)];
        LoopDataSize = Sectors(values, "dm.loopdatasize");
        LoopMetadataSize = Sectors(values, "dm.loopmetadatasize");
        DataDevice = Device(values, options, "dm.datadev");
        MetadataDevice = Device(values, options, "dm.metadatadev");
        ThinPool = PoolName(values, options);
        BlockSize = values.Size("dm.blocksize")!.Value;
        DirectBlockSize = values.IsGiven("dm.blocksize") ? BlockSize : 512 * Kibi;
        Discard = values.Boolean("dm.blkdiscard");
        MinFreePercent = values.Percentage("dm.min_free_space")!.Value;
        DeferredRemoval = values.Boolean("dm.use_deferred_removal")!.Value;
        DeferredDeletion = values.Boolean("dm.use_deferred_deletion")!.Value;
        XfsRetries = (int?)values.Number("dm.xfs_nospace_max_retries");
        DirectDevice = Device(values, options, "dm.directlvm_device");
        DirectForce = values.Boolean("dm.directlvm_device_force")!.Value;
        ThinPercent = values.Percentage("dm.thinp_percent")!.Value;
        ThinMetadataPercent = values.Percentage("dm.thinp_metapercent")!.Value;
        AutoExtendThreshold = values.Percentage("dm.thinp_autoextend_threshold")!.Value;
        AutoExtendPercent = values.Percentage("dm.thinp_autoextend_percent")!.Value;
        if (BlockSize % (64 * Kibi) != 0)
            throw Invalid(options, "dm.blocksize");
        RefuseContradictions(values);
    }

    /// <summary>Bytes of a container's file system.</summary>
    public long BaseSize { get; }

    /// <summary><c>ext4</c> or <c>xfs</c>; null for xfs where the machine can make it, else ext4.</summary>
    public string? FileSystem { get; }

    /// <summary>Further arguments of mkfs.</summary>
    public IReadOnlyList<string> MkfsArguments { get; }

    /// <summary>Further mount options; a flag has the value null.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> MountOptions { get; }

    /// <summary>Bytes of the sparse file for data.</summary>
    public long LoopDataSize { get; }

    /// <summary>Bytes of the sparse file for metadata.</summary>
    public long LoopMetadataSize { get; }

    /// <summary>A block device instead of the sparse file for data.</summary>
    public string? DataDevice { get; }

    /// <summary>A block device instead of the sparse file for metadata.</summary>
    public string? MetadataDevice { get; }

    /// <summary>An existing thin pool, by its name below <c>/dev/mapper</c>.</summary>
    public string? ThinPool { get; }

    /// <summary>Bytes of a block of the pool.</summary>
    public long BlockSize { get; }

    /// <summary>Bytes of a block of a pool that LVM makes: what Docker's set-up takes, where the user says nothing.</summary>
    public long DirectBlockSize { get; }

    /// <summary>Whether the blocks of a removed device are given back to what the pool stands on; null for yes on loop devices only.</summary>
    public bool? Discard { get; }

    /// <summary>Percent of the pool that must be free for a new device.</summary>
    public int MinFreePercent { get; }

    /// <summary>Whether the kernel removes a device in use when its last user closes it.</summary>
    public bool DeferredRemoval { get; }

    /// <summary>Whether a layer in use may be removed now and deleted later.</summary>
    public bool DeferredDeletion { get; }

    /// <summary>How often xfs tries again where the pool is full; null for as often as the kernel does.</summary>
    public int? XfsRetries { get; }

    /// <summary>A block device to be set up with LVM.</summary>
    public string? DirectDevice { get; }

    /// <summary>Whether a device with something on it may be taken.</summary>
    public bool DirectForce { get; }

    /// <summary>Percent of the volume group for data.</summary>
    public int ThinPercent { get; }

    /// <summary>Percent of the volume group for metadata.</summary>
    public int ThinMetadataPercent { get; }

    /// <summary>Percent used at which LVM extends the pool.</summary>
    public int AutoExtendThreshold { get; }

    /// <summary>Percent by which LVM extends the pool.</summary>
    public int AutoExtendPercent { get; }

    /// <summary>True where the pool stands on sparse files.</summary>
    public bool UsesLoopFiles => ThinPool is null && DirectDevice is null && (DataDevice is null || MetadataDevice is null);

    /// <summary>The file system of new pools: Docker's choice where the user makes none.</summary>
    public string ChooseFileSystem(Func<string, bool> hasProgram) => FileSystem
        ?? (hasProgram(DeviceFileSystem.Maker(DeviceFileSystem.Xfs).Program) && BaseSize >= LeastXfs ? DeviceFileSystem.Xfs : DeviceFileSystem.Ext4);

    private void RefuseContradictions(DriverOptionValues values)
    {
        if (ThinPool is not null && DirectDevice is not null)
            throw Contradiction("dm.directlvm_device", "dm.thinpooldev names a pool that exists, dm.directlvm_device makes one", "Give one of the two.");
        if ((ThinPool ?? DirectDevice) is not null && (DataDevice ?? MetadataDevice) is not null)
            throw Contradiction("dm.datadev", "dm.datadev and dm.metadatadev have no meaning beside dm.thinpooldev and dm.directlvm_device", "Leave them out.");
        if (values.IsGiven("dm.thinp_percent") != values.IsGiven("dm.thinp_metapercent"))
            throw Contradiction("dm.thinp_percent", "dm.thinp_percent and dm.thinp_metapercent are given together or not at all", "Give both.");
        if (ThinPercent + ThinMetadataPercent > 100)
            throw Contradiction("dm.thinp_percent", "dm.thinp_percent and dm.thinp_metapercent together are more than 100", "Give values that leave room, such as 95 and 1.");
        if (FileSystem == DeviceFileSystem.Xfs && BaseSize < LeastXfs)
            throw Contradiction("dm.basesize", "xfs needs a dm.basesize of 300M at least", "Give more, or say dm.fs=ext4.");
    }

    private static StoreException Contradiction(string option, string what, string remedy) => new(
        ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, option, $"The options of the driver devicemapper contradict each other: {what}.", remedy);

    private static long Sectors(DriverOptionValues values, string name) => values.Size(name)!.Value / 512 * 512;

    private static string[] Words(DriverOptionValues values, string name, char separator) =>
        values.Text(name)?.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string? Device(DriverOptionValues values, DriverOptions options, string name) => values.Text(name) is not { } path
        ? null
        : path.StartsWith("/dev/", StringComparison.Ordinal) ? path : throw Invalid(options, name, "the path of a block device, such as /dev/sdb");

    private static string? PoolName(DriverOptionValues values, DriverOptions options)
    {
        const string Name = "dm.thinpooldev", Place = "/dev/mapper/";
        if (values.Text(Name) is not { } value)
            return null;
        var pool = value.StartsWith(Place, StringComparison.Ordinal) ? value[Place.Length..] : value;
        return pool.Length is > 0 and < 128 && !pool.Contains('/', StringComparison.Ordinal)
            ? pool
            : throw Invalid(options, Name, "the name of a thin pool, such as /dev/mapper/vg-pool");
    }

    private static StoreException Invalid(DriverOptions options, string name, string expected = "a multiple of 64K") => new(
        ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, name,
        $"'{Printable.Escape(options[name])}' is no value for the option {name} of the driver {DeviceMapperDriverFactory.DriverName}.", $"Give {expected}.");

    private static KeyValuePair<string, string?> MountOption(string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(option, null) : new(option[..equals], option[(equals + 1)..]);
    }
}
