using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Tests.Support;
using LayerStore.Volumes;

namespace LayerStore.Tests.Environments;

/// <summary>What a guest does whose power is cut: opens the store, checks that it is what the log says, then makes, writes, commits and removes containers, images and volumes until it is killed.</summary>
internal sealed class PowerCutGuest : IDisposable
{
    /// <summary>The image of the containers that are on none that was made of a container.</summary>
    public const string Image = "small";

    private const string Disk = "/dev/ubda", Pool = "/dev/ubdb", Place = "/srv/store";

    private readonly Store _store;
    private readonly PowerCutLog _log = PowerCutLog.Read("log");
    private readonly Random _random;

    private PowerCutGuest(string driver, int seed) => (_store, _random) = (OpenStore(driver), new Random(seed + _log.Steps));

    /// <param name="driver">The driver, or <c>direct-lvm</c>.</param>
    /// <param name="what"><c>work</c>, or anything else to check only.</param>
    /// <param name="seed">What the choices depend on, besides the number of steps that were done.</param>
    public static int Run(string driver, string what, int seed)
    {
        try
        {
            // Without quota, too: what is not asked for a limit knows less of what it has.
            Mount(driver, withQuota: seed % 2 == 0);
            File.WriteAllText("state", "open");
            var fresh = Path.Combine(Place, "root/vfs/fresh");
            var copies = Directory.Exists(fresh) ? Directory.GetFiles(fresh).Length : 0;
            using var guest = new PowerCutGuest(driver, seed);
            new PowerCutCheck(guest._store, guest._log).Run();
            File.AppendAllText("checks", $"{copies}\n");
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

    private static void Mount(string driver, bool withQuota)
    {
        Directory.CreateDirectory(Place);
        var below = driver == "zfs" ? Directory.CreateDirectory("/srv/below").FullName : Place;
        var kind = driver == "btrfs" ? "btrfs" : "ext4";
        var isNew = Command.TryRun("blkid", "-p", Disk).Code != 0;
        if (isNew)
            Command.Run($"mkfs.{kind}", kind == "btrfs" ? ["-q", "-f", Disk] : withQuota ? ["-q", "-F", "-O", "quota,project", "-E", "quotatype=prjquota", Disk] : ["-q", "-F", Disk]);
        Command.Run("mount", "-o", kind == "ext4" && withQuota ? "prjquota" : "defaults", Disk, below);
        if (kind == "btrfs" && isNew && withQuota)
            Command.Run("btrfs", "quota", "enable", below);
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
        return Store.Open(new StoreOptions { Root = Path.Combine(Place, "root"), Driver = driver == "direct-lvm" ? "devicemapper" : driver, DriverOptions = options });
    }

    private void Work()
    {
        if (!_store.Images.List().Any(image => image.References.Any(reference => reference.Contains(Image + ":", StringComparison.Ordinal))))
            _ = _store.Images.Import(TestFiles.SmallImage, new ImportOptions()).ToList();
        File.AppendAllText("state", " work");
        while (true)
            Step();
    }

    /// <summary>Makes a container and does to it, and to what is there already, what the dice say; some containers stay as they were made.</summary>
    private void Step()
    {
        var number = _log.Steps;
        var name = $"c{number}";
        var image = _random.Next(3) > 0 || _log.Images.Count == 0 ? Image : Any(_log.Images.Keys);
        var kind = _random.Next(4);
        if (kind == 0 && _log.Volumes.Count > 0)
            Use(name, Any(_log.Volumes.Keys));
        else if (kind == 1 && _store.Driver.Features.HasFlag(DriverFeatures.Quota))
            _log.Do("limit", name, image, () => _store.Containers.Create(new ContainerOptions { Image = image, Name = name, Size = PowerCutContainer.Limit }));
        else
            _log.Do("create", name, image, () => _store.Containers.Create(new ContainerOptions { Image = image, Name = name }));
        if (_random.Next(3) > 0)
            _log.Do("write", name, "-", () => Write(name));
        if (_random.Next(4) == 0)
        {
            var old = name;
            name = $"r{number}";
            _log.Do("rename", old, name, () => _store.Containers.Rename(old, name));
        }
        if (_random.Next(3) == 0)
        {
            var (made, takeOver, of) = ($"made{number}", _random.Next(2) == 0, Any(_log.Containers.Keys));
            _log.Do(takeOver ? "convert" : "commit", made, of, () => _store.Containers.Commit(of, new CommitOptions { References = [made], RemoveContainer = takeOver }));
        }
        if (_random.Next(4) == 0)
            Volume($"v{number}");
        // Several at once: what the one removal did need not be on the disk when the next one's row is.
        if (_log.Containers.Count > 6)
        {
            for (var left = _random.Next(2, 6); _log.Containers.Count > left;)
                Act("remove", Any(_log.Containers.Keys), old => _store.Containers.Remove(old));
        }
        while (_log.Images.Count > 3 && _log.Images.Keys.FirstOrDefault(made => _log.Containers.Values.All(container => container.Image != made)) is { } unused)
            Act("untag", unused, old => _store.Images.Remove(old));
    }

    private void Volume(string name)
    {
        Act("volume", name, made => _store.Volumes.Create(new VolumeOptions { Name = made }));
        Act("fill", name, made => PowerCutFile.Write(_store.Volumes.Get(made).Mountpoint, made));
        var unused = _log.Volumes.Keys.Where(volume => _log.Containers.Values.All(container => container.Volume != volume)).ToList();
        if (unused.Count > 2)
            Act("drop", Any(unused), old => _store.Volumes.Remove(old));
    }

    /// <summary>Makes a container with a volume and writes into that through it.</summary>
    private void Use(string name, string volume)
    {
        _log.Do("use", name, volume, () => _store.Containers.Create(new ContainerOptions { Image = Image, Name = name, Mounts = [$"{volume}:/{PowerCutContainer.Data}"] }));
        _log.Do("put", volume, name, () => Write(name, PowerCutContainer.Data));
    }

    private void Act(string what, string name, Action<string> act) => _log.Do(what, name, "-", () => act(name));

    private string Any(IReadOnlyCollection<string> names) => names.ElementAt(_random.Next(names.Count));

    private void Write(string name, string directory = "root")
    {
        PowerCutFile.Write(Path.Combine(_store.Containers.Mount(name).Path, directory), name);
        _store.Containers.Dismount(name);
    }
}
