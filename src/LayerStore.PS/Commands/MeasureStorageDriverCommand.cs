using System.Collections;
using System.Management.Automation;
using LayerStore.Drivers;
using LayerStore.Measurement;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Measures storage drivers on the user's own disk, in stores that are thrown away.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "StorageDriver", SupportsShouldProcess = true)]
[Alias("Benchmark-StorageDriver")]
[OutputType(typeof(DriverMeasurement))]
public sealed class MeasureStorageDriverCommand : StorageDriverCommand
{
    private readonly List<DriverMeasurement> _rows = [];
    private bool _isChartChecked;

    /// <summary>Names or wildcards of drivers; without any, every driver that works.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Driver")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DriverNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>What to measure; without it everything.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public DriverWorkload[]? Workload { get; set; }

    /// <summary>A directory on the disk; without it the store's root, or the nearest directory above it that exists.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How often each workload is done.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Iteration { get; set; } = 5;

    /// <summary>Layers of the image.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int LayerCount { get; set; } = 4;

    /// <summary>Small files that are changed, made, deleted.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int FileCount { get; set; } = 200;

    /// <summary>Bytes of a small file.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, 1 << 20)]
    public int FileSize { get; set; } = 4096;

    /// <summary>Bytes of the big file.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, 1 << 30)]
    public int BigFileSize { get; set; } = 16 << 20;

    /// <summary>How many containers are many.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ContainerCount { get; set; } = 10;

    /// <summary>Options by Docker's names; each driver gets those that it knows.</summary>
    [Parameter]
    [Alias("DriverOption")]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(DriverOptionCompleter))]
    public IDictionary? Option { get; set; }

    /// <summary>Where to write a picture of the measurements, in SVG.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ChartPath { get; set; }

    /// <summary>Overwrite a picture that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessInput()
    {
        if (!_isChartChecked)
            RefuseChart();
        _isChartChecked = true;
        var directory = Path is null ? Store.NearestDirectory(ResolveRoot()) : ResolveFilePath(Path);
        DriverBenchmark.RequireDirectory(directory);
        var options = new MeasurementOptions
        {
            Workloads = Workload ?? Enum.GetValues<DriverWorkload>(),
            Iterations = Iteration,
            LayerCount = LayerCount,
            FileCount = FileCount,
            FileBytes = FileSize,
            BigFileBytes = BigFileSize,
            ContainerCount = ContainerCount,
            DriverOptions = Options.From(Option) ?? [],
        };
        DriverCatalog.RefuseUnknown(options.DriverOptions);
        ForEachDriver(Name, driver => Measure(driver, directory, options));
    }

    private protected override void ProcessEnd()
    {
        if (ChartPath is null || _rows.Count == 0)
            return;
        var path = ResolveFilePath(ChartPath);
        using var file = new FileStream(path, Force ? FileMode.Create : FileMode.CreateNew);
        MeasurementChart.Write(_rows, file);
        WriteVerbose($"Drew '{path}'.");
    }

    private void Measure(IStorageDriverFactory driver, string directory, MeasurementOptions options)
    {
        var benchmark = new DriverBenchmark(driver, directory, options);
        // Who names a driver is told why it does not work; who names none gets those that do.
        if (!IsNamed(driver.Name) && benchmark.Report.Failure is { } failure)
        {
            WriteVerbose($"{driver.Name} does not work in '{Printable.Escape(directory)}': {failure.Evidence}");
            return;
        }
        if (!ShouldProcess($"{driver.Name} in {Printable.Escape(directory)} (up to {ByteSize.Format(benchmark.BytesNeeded)} for a while)", "Measure storage driver"))
            return;
        var board = new MeasurementBoard();
        var rows = RunWithProgress(board, () => benchmark.Run(board, Cancellation));
        _rows.AddRange(rows);
        WriteObject(rows, enumerateCollection: true);
    }

    private bool IsNamed(string driver) =>
        Name is not null && Array.Exists(Name, name => !WildcardPattern.ContainsWildcardCharacters(name) && name.Equals(driver, StringComparison.OrdinalIgnoreCase));

    /// <summary>Before anything is measured: nobody wants to wait for a picture that cannot be drawn.</summary>
    private void RefuseChart()
    {
        if (ChartPath is null)
            return;
        var path = ResolveFilePath(ChartPath);
        var cause = Directory.Exists(path) ? "it is a directory"
            : !Directory.Exists(System.IO.Path.GetDirectoryName(path)) ? "its directory does not exist"
            : File.Exists(path) && !Force ? "it exists already"
            : !path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase) ? "it is drawn as SVG, which such a name does not say"
            : null;
        if (cause is not null)
            ThrowTerminatingError(ErrorRecords.From(new StoreException(
                ErrorIds.PathInvalid, StoreErrorKind.InvalidArgument, path,
                $"The picture cannot be written to '{Printable.Escape(path)}': {cause}.",
                "Name a new file that ends in .svg, in a directory that exists, or overwrite one with -Force."), path));
    }
}
