using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Measurement;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Measurement;

/// <summary>Measuring drivers, and that nothing of it stays.</summary>
public sealed class DriverBenchmarkTests : IDisposable
{
    private static readonly MeasurementOptions Small = new() { Iterations = 2, LayerCount = 2, FileCount = 5, FileBytes = 100, BigFileBytes = 5000, ContainerCount = 2 };

    private readonly TestDirectory _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_workload_of_a_driver_is_one_row_and_nothing_stays()
    {
        var rows = Run(new PlainDriverFactory(), _place.Path, Small with { Workloads = [DriverWorkload.ImportImage, DriverWorkload.CreateManyContainers] });
        Assert.Equal([DriverWorkload.ImportImage, DriverWorkload.CreateManyContainers], rows.Select(row => row.Workload));
        Assert.Equal([11, 2], rows.Select(row => row.Operations));
        AssertPlausible(rows, _place.Path);

        var vfs = Run(DriverCatalog.Get("vfs"), _place.Path, Small);
        Assert.Equal(Enum.GetValues<DriverWorkload>(), vfs.Select(row => row.Workload));
        AssertPlausible(vfs, _place.Path);
        Assert.All(vfs, row => Assert.Equal(row.Workload is DriverWorkload.ImportImage or DriverWorkload.ReadFiles or DriverWorkload.CreateFiles, row.BytesPerSecond is not null));
    }

    [RootTheory]
    [InlineData(FileSystemKind.Ext4)]
    [InlineData(FileSystemKind.Btrfs)]
    public void Every_driver_that_works_on_a_disk_is_measured_there_and_leaves_nothing(FileSystemKind kind)
    {
        using var disk = new LoopFileSystem(kind);
        var place = Directory.CreateDirectory(Path.Combine(disk.Path, "place")).FullName;
        foreach (var driver in DriverCatalog.All.Where(driver => driver.Probe(place).Supported))
        {
            var rows = Run(driver, place, Small);
            Assert.Equal(Enum.GetValues<DriverWorkload>(), rows.Select(row => row.Workload));
            AssertPlausible(rows, place);
        }
        Assert.Equal([disk.Path], MountTable.Below(disk.Path));
    }

    [Fact]
    public void Whenever_it_is_cancelled_nothing_stays()
    {
        foreach (var workload in Enum.GetValues<DriverWorkload>())
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => Run(
                DriverCatalog.Get("vfs"), _place.Path, Small, new Watcher(progress => Stop(progress, workload, stop)), stop.Token));
            AssertEmpty();
        }

        static void Stop(MeasurementProgress progress, DriverWorkload workload, CancellationTokenSource stop)
        {
            if (progress.Workload == workload)
                stop.Cancel();
        }
    }

    [Theory]
    [InlineData("Prepare")]
    [InlineData("Commit")]
    [InlineData("SyncLayer")]
    [InlineData("Measure")]
    public void Whatever_fails_nothing_stays(string call)
    {
        var calls = 0;
        var driver = new PlainDriverFactory
        {
            Watch = step =>
            {
                if (step == call && ++calls == 3)
                    throw new StoreException(ErrorIds.InputOutputError, StoreErrorKind.InputOutput, null, "The disk is gone.", "");
            },
        };
        var workloads = new[] { DriverWorkload.ImportImage, DriverWorkload.CreateContainer, DriverWorkload.MeasureManyContainers };
        Assert.Equal("The disk is gone.", Assert.Throws<StoreException>(() => Run(driver, _place.Path, Small with { Workloads = workloads })).Message);
        AssertEmpty();
    }

    [Fact]
    public void What_a_killed_measurement_left_is_removed_by_the_next_one_and_nothing_else()
    {
        var abandoned = LeaveBehind("1");
        var running = LeaveBehind("2");
        using var held = new FileStream(Path.Combine(running, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var foreign = LeaveBehind("3");
        File.SetUnixFileMode(foreign, (UnixFileMode)0x1ED);
        File.CreateSymbolicLink(_place[".layerstore-measure-link"], foreign);

        Run(DriverCatalog.Get("vfs"), _place.Path, Small with { Workloads = [DriverWorkload.CreateContainer] });

        Assert.False(Directory.Exists(abandoned));
        Assert.True(Directory.Exists(Path.Combine(running, "store", "vfs")));
        Assert.True(Directory.Exists(Path.Combine(foreign, "store", "vfs")));
    }

    [Fact]
    public void A_driver_that_does_not_work_a_directory_that_is_missing_and_too_little_room_are_told_before_anything_is_made()
    {
        var broken = new PlainDriverFactory { Failure = new ProbeCheck("module", Passed: false, Required: true, "no such device", "Load it.") };
        AssertRefused(ErrorIds.DriverUnsupported, () => Run(broken, _place.Path, Small));
        AssertRefused(ErrorIds.PathInvalid, () => Run(new PlainDriverFactory(), _place["missing"], Small));
        AssertRefused(ErrorIds.PathInvalid, () => Run(new PlainDriverFactory(), "relative", Small));
        AssertRefused(ErrorIds.DiskFull, () => Run(new PlainDriverFactory(), _place.Path, Small with { BigFileBytes = int.MaxValue, ContainerCount = 1_000_000 }));
        AssertRefused(ErrorIds.DriverOptionInvalid, () => DriverCatalog.RefuseUnknown(new DriverOptions { ["nobodys"] = "1" }));

        void AssertRefused(string id, Action action)
        {
            Assert.Equal(id, Assert.Throws<StoreException>(action).ErrorId);
            AssertEmpty();
        }
    }

    [Fact]
    public void A_driver_is_tried_once_for_all_who_ask_and_with_its_own_options_alone()
    {
        var probes = 0;
        var driver = new PlainDriverFactory { Probed = options => { probes++; Assert.Equal(["plain.size"], options.Keys); } };
        var benchmark = new DriverBenchmark(
            driver, _place.Path, Small with { Workloads = [DriverWorkload.CreateContainer], DriverOptions = new DriverOptions { ["plain.size"] = "1G", ["zfs.fsname"] = "tank" } });

        Assert.True(benchmark.Report.Supported);
        Assert.Same(benchmark.Report, benchmark.Report);
        benchmark.Run();

        // The second is the new store's own.
        Assert.Equal(2, probes);
    }

    private static IReadOnlyList<DriverMeasurement> Run(
        IStorageDriverFactory driver, string directory, MeasurementOptions options, IProgress<MeasurementProgress>? progress = null, CancellationToken cancellation = default) =>
        new DriverBenchmark(driver, directory, options).Run(progress, cancellation);

    private string LeaveBehind(string name)
    {
        var path = _place[".layerstore-measure-" + name];
        Assert.True(DirectoryHandle.TryCreate(path, 0x1C0));
        File.WriteAllText(Path.Combine(path, "lock"), "");
        using var store = Store.Open(new StoreOptions { Root = Path.Combine(path, "store"), Driver = "vfs" });
        store.Containers.Create(new());
        return path;
    }

    private static void AssertPlausible(IReadOnlyList<DriverMeasurement> rows, string place)
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(place));
        Assert.All(rows, row =>
        {
            Assert.InRange(row.Median, TimeSpan.FromTicks(1), row.P95);
            Assert.Equal((2, place, BackingFileSystem.Of(place).Name), (row.Iterations, row.Path, row.FileSystem));
            Assert.True(row.BytesPerSecond is null or > 0);
        });
    }

    private void AssertEmpty() => Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));

    private sealed class Watcher(Action<MeasurementProgress> watch) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => watch(value);
    }
}
