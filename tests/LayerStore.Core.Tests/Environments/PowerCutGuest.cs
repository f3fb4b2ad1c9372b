using LayerStore.Containers;
using LayerStore.Drivers.DeviceMapper;
using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>What a guest does whose power is cut: opens the store, checks that it is what the log says, then makes, writes, commits and removes containers until it is killed.</summary>
internal sealed class PowerCutGuest : IDisposable
{
    private const string Disk = "/dev/ubda", Pool = "/dev/ubdb", Place = "/srv/store";

    private readonly string _driver;
    private readonly Store _store;
    private readonly PowerCutLog _log = PowerCutLog.Read("log");

    private PowerCutGuest(string driver) =>
        (_driver, _store) = (DriverOf(driver), OpenStore(driver));

    public static int Run(string driver, string what)
    {
        try
        {
            Mount(driver);
            File.WriteAllText("state", "open");
            using var guest = new PowerCutGuest(driver);
            guest.Check();
            File.AppendAllText("checks", "checked\n");
            if (what == "work")
                guest.Work();
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            return 1;
        }
    }

    public void Dispose() => _store.Dispose();

    private static void Mount(string driver)
    {
        Directory.CreateDirectory(Place);
        var below = driver == "zfs" ? Directory.CreateDirectory("/srv/below").FullName : Place;
        var kind = driver == "btrfs" ? "btrfs" : "ext4";
        if (Command.TryRun("blkid", "-p", Disk).Code != 0)
            Command.Run($"mkfs.{kind}", kind == "ext4" ? ["-q", "-F", Disk] : ["-q", "-f", Disk]);
        Command.Run("mount", Disk, below);
        if (driver != "zfs")
            return;
        // A pool on a whole disk needs udev.
        var file = Path.Combine(below, "pool");
        if (!File.Exists(file) || Command.TryRun("zpool", "import", "-f", "-N", "-o", "cachefile=none", "-d", below, "cut").Code != 0)
        {
            Command.Run("truncate", "-s", "2G", file);
            Command.Run("zpool", "create", "-f", "-o", "cachefile=none", "-m", "none", "cut", file);
            Command.Run("zfs", "create", "-o", "mountpoint=legacy", "cut/store");
        }
        Command.Run("mount", "-t", "zfs", "cut/store", Place);
    }

    private static Store OpenStore(string driver)
    {
        var options = driver is "devicemapper" or "direct-lvm" ? LoopExt4Fixture.Options : [];
        if (driver == "devicemapper")
            (options["dm.loopdatasize"], options["dm.loopmetadatasize"]) = ("2G", "64M");
        if (driver == "direct-lvm")
            (options["dm.directlvm_device"], options["dm.blocksize"]) = (Pool, "64K");
        return Store.Open(new StoreOptions { Root = Path.Combine(Place, "root"), Driver = DriverOf(driver), DriverOptions = options });
    }

    private static string DriverOf(string driver) => driver == "direct-lvm" ? "devicemapper" : driver;

    private void Check()
    {
        // Whoever makes a container next undoes what was begun.
        _store.Containers.Create(new ContainerOptions { Name = "check" });
        _store.Containers.Remove("check");
        var found = _store.Containers.List().Select(container => container.Name).ToHashSet();
        foreach (var name in _log.Open.ToList())
        {
            var isImage = name.StartsWith("made", StringComparison.Ordinal);
            var there = isImage ? FindImage(name) is not null : found.Contains(name);
            _log.Settle(isImage ? there ? "commit" : "untag" : there ? "create" : "remove", name);
        }
        Assert.Equal(_log.Containers.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        foreach (var (name, written) in _log.Containers)
        {
            var path = _store.Containers.Mount(name).Path;
            Assert.True(Directory.Exists(Path.Combine(path, "etc")), $"{name} does not show its image");
            if (written)
                Assert.Equal(name, File.ReadAllText(Path.Combine(path, "root", "mark")));
            _store.Containers.Dismount(name);
        }
        Assert.All(_log.Images, name => Assert.NotNull(FindImage(name)));
        Assert.Empty(_store.Layers.Orphans());
        Assert.Equal(
            _store.Metadata.Layers.AllIds().Select(id => id.Value).Order(StringComparer.Ordinal), _store.Driver.Enumerate().Select(layer => layer.Id.Value).Order(StringComparer.Ordinal));
        if (_driver == "devicemapper")
            CheckPool();
    }

    /// <summary>The pool has the devices that the store has records of, and no other.</summary>
    private void CheckPool()
    {
        var home = new DeviceMapperLayout(Path.Combine(_store.Root, "devicemapper"));
        var mapper = new LayerStore.Linux.DeviceMapper();
        var name = (string)_store.Driver.Status().Single(line => line.Name == "Pool Name").Value;
        var number = mapper.Table(name)!.Split(' ')[0].Split(':');
        File.Delete("/tmp/metadata");
        Command.Run("mknod", "/tmp/metadata", "b", number[0], number[1]);
        Assert.Equal(0, mapper.Message(name, "reserve_metadata_snap"));
        var inPool = Command.Run("thin_ls", "--metadata-snap", "--no-headers", "-o", "DEV", "/tmp/metadata").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(0, mapper.Message(name, "release_metadata_snap"));
        var known = Directory.EnumerateDirectories(home.Layers).Select(directory => $"{DeviceRecord.Read(directory)!.Device}").Append("0");
        Assert.Equal(known.Order(StringComparer.Ordinal), inPool.Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateDirectories(home.Removing));
    }

    private void Work()
    {
        if (FindImage("small") is null)
            _ = _store.Images.Import(Path.Combine(AppContext.BaseDirectory, "../../../data/small.tar"), new ImportOptions()).ToList();
        File.AppendAllText("state", " work");
        var random = new Random();
        for (var step = _log.Steps; ; step++)
        {
            var name = $"c{step}";
            _log.Do("create", name, () => _store.Containers.Create(new ContainerOptions { Image = "small", Name = name }));
            _log.Do("write", name, () => Write(name));
            if (step % 3 == 0)
                _log.Do("commit", $"made{step}", () => _store.Containers.Commit(name, new CommitOptions { References = [$"made{step}"] }));
            if (_log.Containers.Count > 4)
            {
                var old = _log.Containers.Keys.ElementAt(random.Next(_log.Containers.Count));
                _log.Do("remove", old, () => _store.Containers.Remove(old));
            }
            if (_log.Images.Count > 2)
            {
                var old = _log.Images.First();
                _log.Do("untag", old, () => _store.Images.Remove(old));
            }
        }
    }

    private void Write(string name)
    {
        var path = _store.Containers.Mount(name).Path;
        using (var file = new FileStream(Path.Combine(path, "root", "mark"), FileMode.CreateNew))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(name));
            file.Flush(flushToDisk: true);
        }
        _store.Containers.Dismount(name);
    }

    private ContainerImage? FindImage(string name) => _store.Images.List().FirstOrDefault(image => image.References.Any(reference => reference.Contains(name + ":", StringComparison.Ordinal)));
}
