using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>Looks for what devicemapper needs: the kernel's interface and targets, loop devices or a pool, the programs.</summary>
internal sealed class DeviceMapperProbe(string directory, DeviceMapperOptions options, IDeviceMapper mapper)
{
    private readonly ProbeRecorder _recorder = new();

    public ProbeReport Run() => _recorder.OnLinux(DeviceMapperDriverFactory.DriverName, directory, ProbeLinux);

    private void ProbeLinux()
    {
        if (!_recorder.Check("device mapper", true,
                "Run as root on a kernel with the device mapper ('modprobe dm-mod'); or use another driver.",
                () => (true, $"{Linux.DeviceMapper.ControlPath} answers with version {Linux.DeviceMapper.Version()}")))
            return;
        foreach (var target in new[] { "thin-pool", "thin" })
            _recorder.Check($"target {target}", true, "Load the module ('modprobe dm-thin-pool'), or use a kernel that has it.", () =>
                mapper.TargetVersion(target) is { } version ? (true, $"version {version}") : (false, $"the kernel has no target '{target}'"));
        _recorder.Check("writable", true, "Use an existing directory that this user may write.", () =>
        {
            using var place = new ProbeDirectory(directory);
            return (true, "a directory could be made");
        });
        var fileSystem = DeviceFileSystem.Choose(options);
        var maker = DeviceFileSystem.Maker(fileSystem);
        CheckProgram(maker.Program, maker.Package, required: true);
        _recorder.Check($"file system {fileSystem}", true, $"Load the module ('modprobe {fileSystem}'), or choose the other file system (dm.fs=ext4 or dm.fs=xfs).", () =>
        {
            using var context = MountContext.TryOpen(fileSystem, directory);
            return context is null ? (false, "fsopen(2) came with Linux 5.2") : (true, "the kernel can mount it");
        });
        if (options.DirectDevice is { } disk)
            ProbeLvm(disk);
        else if (options.ThinPool is { } pool)
            _recorder.Check("thin pool", true, "Make a thin pool and bring it up (lvcreate --thinpool), or leave dm.thinpooldev out.",
                () => mapper.Find(pool) is null ? (false, $"there is no device '{pool}'") : (true, $"'{pool}' is there"));
        else
            ProbeLoop();
        CheckProgram("thin_check", "thin-provisioning-tools", required: options.DirectDevice is not null);
    }

    private void ProbeLvm(string disk)
    {
        CheckDevice(disk);
        foreach (var program in Lvm.Programs)
            CheckProgram(program, Lvm.Package, required: true);
        CheckProgram("blkid", "util-linux", required: true);
    }

    private void CheckDevice(string device) =>
        _recorder.Check(device, true, "Name a block device (lsblk lists them).", () =>
            BlockDevice.NumberOf(device) is null ? (false, "it is no block device") : (true, $"a block device of {ByteSize.Format(BlockDevice.SizeOf(device))}"));

    private void ProbeLoop()
    {
        if (options.UsesLoopFiles)
        {
            _recorder.Check("loop devices", true, "Load the module ('modprobe loop'), or give block devices (dm.directlvm_device, dm.thinpooldev).",
                () => File.Exists(LoopDevice.ControlPath) ? (true, $"{LoopDevice.ControlPath} is there") : (false, $"there is no {LoopDevice.ControlPath}"));
            _recorder.Check("production", false, "Give a block device (dm.directlvm_device=/dev/sdX) or a thin pool (dm.thinpooldev).",
                () => (false, "the pool would stand on files (loop-lvm), which is meant for tests"));
        }
        foreach (var device in new[] { options.DataDevice, options.MetadataDevice }.OfType<string>())
            CheckDevice(device);
    }

    private void CheckProgram(string program, string package, bool required) =>
        _recorder.Check(program, required, $"Install it (package {package}).",
            () => ExternalProgram.Find(program) is { } path ? (true, path) : (false, "it is not installed"));
}
