using System.Globalization;
using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>What a child process of a test does: <c>dotnet exec LayerStore.Core.Tests.dll COMMAND ROOT …</c>. See <see cref="Child"/>.</summary>
internal static class ChildProgram
{
    public static int Main(string[] arguments)
    {
        if (arguments.Length < 3)
            return 0; // The test runner's own start.
        var (root, killAt, rest) = (arguments[1], arguments[2], arguments[3..]);
        if (arguments[0] == "import-archive")
            return ImportArchive(root, killAt, rest[0]);
        // The store itself says which of them it was made with.
        IReadOnlyList<IStorageDriverFactory> drivers =
        [
            new PlainDriverFactory { Watch = step => KillAt(killAt, step) },
            .. DriverCatalog.All.Select(driver => new WatchedDriverFactory(driver, step => KillAt(killAt, step))),
        ];
        using var store = new StoreOpener(drivers, new WatchedMounts(step => KillAt(killAt, step))).Open(new StoreOptions { Root = root });
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
                    Console.WriteLine(store.Containers.Create(new ContainerOptions()).Id);
                break;
            case "remove-container":
                store.Containers.Remove(rest[0], force: true);
                break;
            case "mount":
                for (var i = 0; i < int.Parse(rest[1], CultureInfo.InvariantCulture); i++)
                    store.Containers.Mount(rest[0], readOnly: true);
                break;
            case "dismount":
                store.Containers.Dismount(rest[0]);
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
