using System.Globalization;
using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Linux;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Fuzzing;
using LayerStore.Tests.Hostile;
using LayerStore.Volumes;

namespace LayerStore.Tests.Support;

/// <summary>What a child process of a test does: <c>dotnet exec LayerStore.Core.Tests.dll COMMAND ROOT …</c>. See <see cref="Child"/>.</summary>
internal static class ChildProgram
{
    public static int Main(string[] arguments)
    {
        if (arguments.Length < 3)
            return 0; // The test runner's own start.
        if (arguments[0] == "conformance")
            return ConformanceProgram.Run(arguments[1..]);
        if (arguments[0] == "environment")
            return EnvironmentTests.Run(arguments[1], arguments[2], arguments[3..]);
        if (arguments[0] == "power-cuts")
            return PowerCutProgram.Run(arguments[1], arguments[2..]);
        if (arguments[0] == "power-cut-guest")
            return PowerCutGuest.Run(arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture));
        if (arguments[0] == "pair")
            return PairWorker.Run(arguments[1], arguments[2], arguments.AsSpan(3));
        if (arguments[0] == "driver")
            return DriverChild.Run(arguments[1], arguments[2], arguments.AsSpan(3));
        if (arguments[0] == "devicemapper")
            return DeviceMapperChild.Run(arguments[1], arguments[2], arguments[3], arguments[4]);
        if (arguments[0] == "fuzz")
            return FuzzProgram.Run(arguments[1], arguments[2], arguments.ElementAtOrDefault(3) ?? "");
        if (arguments[0] == "hostile")
            return HostileProcess.Run(arguments[1], arguments[2]);
        if (arguments[0] == "probe")
            return DriverChild.Probe(arguments[1], arguments[2]);
        var (root, killAt, rest) = (arguments[1], arguments[2], arguments[3..]);
        if (arguments[0] == "import-archive")
            return ImportArchive(root, killAt, rest[0]);
        // The store itself says which of them it was made with.
        IReadOnlyList<IStorageDriverFactory> drivers =
        [
            new PlainDriverFactory { Watch = step => KillAt(killAt, step) },
            .. DriverCatalog.All.Select(driver => new WatchedDriverFactory(driver, step => KillAt(killAt, step))),
        ];
        var opener = new StoreOpener(drivers, new WatchedMounts(step => KillAt(killAt, step)));
        if (arguments[0] == "try")
            return Try(() => opener.Open(new StoreOptions { Root = root, CreateIfMissing = rest[0] == "create" }).Dispose());
        using var store = opener.Open(new StoreOptions { Root = root, Driver = arguments[0] is "life" or "copy" or "volume-life" ? "vfs" : null });
        switch (arguments[0])
        {
            case "import":
                StoreFolder.Import(store, rest[0], step => KillAt(killAt, step), rest[1..]);
                break;
            case "remove-image":
                StoreFolder.RemoveImage(store, rest[0]);
                break;
            case "create":
                for (var i = 0; i < int.Parse(rest[0], CultureInfo.InvariantCulture); i++)
                    Console.WriteLine(store.Containers.Create(new ContainerOptions { Image = rest.ElementAtOrDefault(1) }).Id);
                break;
            case "remove-container":
                store.Containers.Remove(rest[0], force: true);
                break;
            case "mount":
                for (var i = 0; i < int.Parse(rest[1], CultureInfo.InvariantCulture); i++)
                    store.Containers.Mount(rest[0], readOnly: true);
                break;
            case "mount-write":
                store.Containers.Mount(rest[0]);
                break;
            case "import-volume":
                store.Volumes.Import(rest[0], new VolumeImportOptions { Volume = new VolumeOptions { Name = rest[1] }, Force = true });
                break;
            case "dismount":
                store.Containers.Dismount(rest[0]);
                break;
            case "life":
                // What an ordinary user does on vfs.
                var container = store.Containers.Create(new ContainerOptions { Name = "c1" });
                File.WriteAllText(Path.Combine(store.Containers.Mount("c1").Path, "file"), "text");
                store.Containers.Dismount("c1");
                Console.WriteLine(store.Containers.Measure("c1").SizeRw);
                return Try(() => store.Containers.Remove(container.Id));
            case "volume-life":
                // Made, filled of an image's files, measured and used where it stands; only mounting inside of the container is root's.
                store.Volumes.Create(new VolumeOptions { Name = "db" });
                File.WriteAllText(Path.Combine(store.Volumes.Get("db").Mountpoint, "file"), "text");
                store.Containers.Create(new ContainerOptions { Name = "c1", Mounts = ["db:/data", "/anonymous"] });
                Console.WriteLine(store.Volumes.Measure("db").Bytes);
                Try(() => store.Containers.Mount("c1"));
                Try(() => store.Containers.Remove("c1", volumes: true));
                return Try(() => store.Volumes.Remove("db"));
            case "commit":
                store.Containers.Commit("c1", new CommitOptions { References = ["made:1"], RemoveContainer = rest[0] == "take-over" });
                break;
            case "copy":
                // As an ordinary user: modes that would lock the store's owner out, and back.
                var from = Directory.CreateDirectory(Path.Combine(rest[0], "from")).FullName;
                File.WriteAllText(Path.Combine(from, "file"), "text");
                File.SetUnixFileMode(Path.Combine(from, "file"), UnixFileMode.UserRead);
                store.Containers.Create(new ContainerOptions { Name = "c1" });
                store.Containers.CopyTo("c1", from, "/to", new ContainerCopyOptions { Archive = true });
                store.Containers.CopyTo("c1", from + "/.", "/to");
                store.Containers.CopyFrom("c1", "/to", Path.Combine(rest[0], "back"), new ContainerCopyOptions { Archive = true });
                var back = Path.Combine(rest[0], "back", "file");
                Console.WriteLine($"{File.ReadAllText(back)} {File.GetUnixFileMode(back)} {store.Containers.Measure("c1").SizeRw}");
                break;
            case "hold":
                // Holds a prepared layer until it is killed.
                using (var ingest = store.Layers.BeginIngest())
                {
                    ingest.Add(StoreFolder.ChainIds(rest[0])[0], StoreFolder.DiffId(rest[0]), CancellationToken.None);
                    Console.WriteLine("held");
                    Thread.Sleep(Timeout.Infinite);
                }
                break;
            default:
                return 2;
        }
        return 0;
    }

    /// <summary>A whole import on the store's own driver, killed when a layer reaches a state: <c>Extracting 2</c>.</summary>
    private static int ImportArchive(string root, string killAt, string path)
    {
        using var store = Store.Open(new StoreOptions { Root = root });
        foreach (var image in store.Images.Import(path, new ImportOptions(), new Killer(killAt)))
            Console.WriteLine(image.Id);
        return 0;
    }

    private sealed class Killer(string killAt) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => KillAt(killAt, $"{value.State} {value.LayerIndex}");
    }

    /// <summary>Says how it went: "fine", or the error's id.</summary>
    private static int Try(Action action)
    {
        try
        {
            action();
            Console.WriteLine("fine");
        }
        catch (StoreException e)
        {
            Console.WriteLine(e.ErrorId);
        }
        return 0;
    }

    // As a power switch: nothing is disposed, no finally block runs.
    private static void KillAt(string killAt, string step)
    {
        if (step == killAt)
        {
            _ = Libc.Kill(Environment.ProcessId, 9);
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
