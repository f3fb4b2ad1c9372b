using LayerStore.Drivers;
using LayerStore.Linux;

namespace LayerStore.Measurement;

/// <summary>Measures a storage driver on the user's own disk, in a store that is thrown away.</summary>
public static class DriverBenchmark
{
    /// <summary>Measures one driver. Everything that was made is gone when this returns or throws.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="directory">An existing directory on the file system in question.</param>
    /// <param name="options">What is measured.</param>
    /// <param name="progress">Told before each step, from the calling thread.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <returns>One row a workload.</returns>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.PathInvalid"/> without such a directory; <see cref="ErrorIds.DriverUnsupported"/> where the driver does not work in it; <see cref="ErrorIds.DiskFull"/> where there is too little room
    /// for a driver that copies; what the driver throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static IReadOnlyList<DriverMeasurement> Run(
        IStorageDriverFactory driver, string directory, MeasurementOptions options,
        IProgress<MeasurementProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(options);
        RefuseMissing(directory);
        MeasurementPlace.RemoveAbandoned(directory, DriverCatalog.All);
        if (Probe(driver, directory, options) is { Supported: false } report)
            throw DriverCatalog.Unsupported(report);
        RefuseTooLittleRoom(directory, options);
        var samples = new Samples();
        progress?.Report(new MeasurementProgress(driver.Name, null, 0, options.Iterations));
        using (var place = new MeasurementPlace(directory, driver))
        {
            new SampleImage(options).Write(place.Archive, cancellation);
            new WorkloadRun(driver.Name, place.OpenStore(OptionsOf(driver, options.DriverOptions)), place.Archive, options, samples, progress, cancellation).Run();
            progress?.Report(new MeasurementProgress(driver.Name, null, options.Iterations, options.Iterations));
        }
        var fileSystem = BackingFileSystem.Of(directory).Name;
        return [.. samples.All().Select(item => Row(driver.Name, item.Workload, item.Times, options, fileSystem, directory))];
    }

    /// <summary>What the driver finds out about a directory, with the options that it would be measured with.</summary>
    public static ProbeReport Probe(IStorageDriverFactory driver, string directory, MeasurementOptions options)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(options);
        return driver.Probe(directory, OptionsOf(driver, options.DriverOptions));
    }

    /// <summary>Refuses options that no driver has.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    public static void RefuseUnknown(DriverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var known = DriverCatalog.All.SelectMany(driver => driver.Options).ToArray();
        string[] unknown = [.. options.Keys.Where(name => known.All(option => option.Name != name))];
        if (unknown.Length > 0)
            throw OptionErrors.NoDriver(unknown, known);
    }

    /// <summary>The bytes that must be free for a measurement.</summary>
    public static long BytesNeeded(MeasurementOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.BytesNeeded;
    }

    private static DriverMeasurement Row(
        string driver, DriverWorkload workload, IReadOnlyList<TimeSpan> times, MeasurementOptions options, string fileSystem, string directory)
    {
        var (operations, bytes) = workload switch
        {
            DriverWorkload.ImportImage => (2 * options.FileCount + 1, options.ImageBytes),
            DriverWorkload.ReadFiles => (options.FileCount + 1, options.BigFileBytes + options.SmallBytes),
            DriverWorkload.CreateFiles => (options.FileCount, options.SmallBytes),
            // How much is copied when a file is changed is up to the driver.
            DriverWorkload.CopyUpSmallFiles or DriverWorkload.DeleteFiles => (options.FileCount, (long?)null),
            DriverWorkload.CreateManyContainers or DriverWorkload.MeasureManyContainers => (options.ContainerCount, null),
            _ => (1, null),
        };
        var median = Samples.Median(times);
        return new DriverMeasurement
        {
            Driver = driver,
            Workload = workload,
            Median = median,
            P95 = Samples.Percentile(times, 0.95),
            Iterations = times.Count,
            Operations = operations,
            BytesPerSecond = median > TimeSpan.Zero ? bytes / median.TotalSeconds : null,
            FileSystem = fileSystem,
            Path = directory,
        };
    }

    private static DriverOptions OptionsOf(IStorageDriverFactory driver, DriverOptions options)
    {
        var own = new DriverOptions();
        foreach (var (name, value) in options.Where(option => driver.Options.Any(known => known.Name == option.Key)))
            own[name] = value;
        return own;
    }

    private static void RefuseMissing(string directory)
    {
        if (!Path.IsPathFullyQualified(directory) || !Directory.Exists(directory))
            throw new StoreException(ErrorIds.PathInvalid, StoreErrorKind.NotFound, directory,
                $"There is no directory '{Printable.Escape(directory)}' to measure in.", "Give a directory on the disk that the store is to stand on.");
    }

    private static void RefuseTooLittleRoom(string directory, MeasurementOptions options)
    {
        var free = FreeSpace.Of(directory).Available;
        if (free < options.BytesNeeded)
            throw new StoreException(ErrorIds.DiskFull, StoreErrorKind.NoSpace, directory,
                $"'{Printable.Escape(directory)}' has {ByteSize.Format(free)} free; a driver that copies layers needs {ByteSize.Format(options.BytesNeeded)} for this measurement.",
                "Measure on another disk, or with smaller files or fewer containers (-BigFileSize, -FileCount, -ContainerCount).");
    }
}
