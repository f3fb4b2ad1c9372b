using LayerStore.Drivers;
using LayerStore.Linux;

namespace LayerStore.Measurement;

/// <summary>The measurement of one storage driver on the user's own disk, in a store that is thrown away.</summary>
public sealed class DriverBenchmark
{
    private readonly IStorageDriverFactory _driver;
    private readonly string _directory;
    private readonly MeasurementOptions _options;
    private readonly DriverOptions _driverOptions;
    private readonly Lazy<ProbeReport> _report;

    /// <summary>Nothing is done yet.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="directory">An existing directory on the file system in question.</param>
    /// <param name="options">What is measured.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.PathInvalid"/> without such a directory.</exception>
    public DriverBenchmark(IStorageDriverFactory driver, string directory, MeasurementOptions options)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(options);
        RequireDirectory(directory);
        (_driver, _directory, _options) = (driver, directory, options);
        // Options are given for all drivers that are measured: each gets its own.
        _driverOptions = DriverCatalog.OptionsOf(driver, given: null, new StoreDefaults { DriverOptions = options.DriverOptions });
        _report = new(() => driver.Probe(directory, _driverOptions));
    }

    /// <summary>What the driver finds out about the directory, with the options that it is measured with. It is tried once, by whoever asks first.</summary>
    public ProbeReport Report => _report.Value;

    /// <summary>The bytes that must be free.</summary>
    public long BytesNeeded => _options.BytesNeeded;

    /// <summary>Measures. Everything that was made is gone when this returns or throws.</summary>
    /// <param name="progress">Told before each step, from the calling thread.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <returns>One row a workload.</returns>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.DriverUnsupported"/> where the driver does not work in the directory; <see cref="ErrorIds.DiskFull"/> where there is too little room for a driver that copies; what the driver throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public IReadOnlyList<DriverMeasurement> Run(IProgress<MeasurementProgress>? progress = null, CancellationToken cancellation = default)
    {
        MeasurementPlace.RemoveAbandoned(_directory, DriverCatalog.All);
        if (!Report.Supported)
            throw DriverCatalog.Unsupported(Report);
        RefuseTooLittleRoom();
        var samples = new Samples();
        progress?.Report(new MeasurementProgress(_driver.Name, null, 0, _options.Iterations));
        using (var place = new MeasurementPlace(_directory, _driver))
        {
            new SampleImage(_options).Write(place.Archive, cancellation);
            new WorkloadRun(_driver.Name, place.OpenStore(_driverOptions), place.Archive, _options, samples, progress, cancellation).Run();
            progress?.Report(new MeasurementProgress(_driver.Name, null, _options.Iterations, _options.Iterations));
        }
        var fileSystem = BackingFileSystem.Of(_directory).Name;
        return [.. samples.All().Select(item => Row(item.Workload, item.Times, fileSystem))];
    }

    /// <summary>Fails where there is no such directory.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.PathInvalid"/>.</exception>
    public static void RequireDirectory(string directory)
    {
        if (!Path.IsPathFullyQualified(directory) || !Directory.Exists(directory))
            throw new StoreException(ErrorIds.PathInvalid, StoreErrorKind.NotFound, directory,
                $"There is no directory '{Printable.Escape(directory)}' to measure in.", "Give a directory on the disk that the store is to stand on.");
    }

    private DriverMeasurement Row(DriverWorkload workload, IReadOnlyList<TimeSpan> times, string fileSystem)
    {
        var (operations, bytes) = workload switch
        {
            DriverWorkload.ImportImage => (2 * _options.FileCount + 1, _options.ImageBytes),
            DriverWorkload.ReadFiles => (_options.FileCount + 1, _options.BigFileBytes + _options.SmallBytes),
            DriverWorkload.CreateFiles => (_options.FileCount, _options.SmallBytes),
            // How much is copied when a file is changed is up to the driver.
            DriverWorkload.CopyUpSmallFiles or DriverWorkload.DeleteFiles => (_options.FileCount, (long?)null),
            DriverWorkload.CreateManyContainers or DriverWorkload.MeasureManyContainers => (_options.ContainerCount, null),
            _ => (1, null),
        };
        var median = Samples.Median(times);
        return new DriverMeasurement
        {
            Driver = _driver.Name,
            Workload = workload,
            Median = median,
            P95 = Samples.Percentile(times, 0.95),
            Iterations = times.Count,
            Operations = operations,
            BytesPerSecond = median > TimeSpan.Zero ? bytes / median.TotalSeconds : null,
            FileSystem = fileSystem,
            Path = _directory,
        };
    }

    private void RefuseTooLittleRoom()
    {
        var free = FreeSpace.Of(_directory).Available;
        if (free < BytesNeeded)
            throw new StoreException(ErrorIds.DiskFull, StoreErrorKind.NoSpace, _directory,
                $"'{Printable.Escape(_directory)}' has {ByteSize.Format(free)} free; a driver that copies layers needs {ByteSize.Format(BytesNeeded)} for this measurement.",
                "Measure on another disk, or with smaller files or fewer containers (-BigFileSize, -FileCount, -ContainerCount).");
    }
}
