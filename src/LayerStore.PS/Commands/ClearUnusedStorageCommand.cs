using System.Collections;
using System.Management.Automation;
using LayerStore.Maintenance;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Removes what is not in use, as <c>docker system prune</c>: containers that are not mounted, images without a name, and whatever else is named.</summary>
[Cmdlet(VerbsCommon.Clear, "UnusedStorage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[Alias("Prune-Storage")]
[OutputType(typeof(PruneResult))]
public sealed class ClearUnusedStorageCommand : StoreCommand
{
    private static readonly string[] InformationTags = ["LayerStore"];

    private long _reclaimed;

    /// <summary>What is cleared; without it containers and images. Standalone layers and volumes are cleared only where they are named here.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public StorageKind[]? Kind { get; set; }

    /// <summary>Every image, and with -Kind Volume every volume, that no container uses, not only those without a name.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Only what is older: a [timespan], or a text such as 24h or 7d.</summary>
    [Parameter]
    [Alias("Until")]
    [DurationTransformation]
    [ArgumentCompleter(typeof(DurationCompleter))]
    public TimeSpan OlderThan { get; set; }

    /// <summary>The bytes of what is not in use that may stay, the youngest first; or a text such as 10GB.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(0, long.MaxValue)]
    public long? KeepSize { get; set; }

    /// <summary>Only containers, images and volumes with these labels, <c>name=value</c> or <c>name</c>.</summary>
    [Parameter]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public IDictionary? Label { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        var store = RequireStore(ResolveRoot());
        var options = new PruneOptions { All = All, Before = OlderThan > TimeSpan.Zero ? DateTime.UtcNow - OlderThan : null, KeepBytes = KeepSize, Labels = Labels.Wanted(Label) };
        if (Kind is not null)
            options = options with { Kinds = Kind };
        var board = new PruneProgressBoard();
        try
        {
            var items = RunShowing(board, () => store.Maintenance.FindUnused(options, Cancellation));
            board.Found(items);
            ForEach(items, item => Clear(store, item, options, board));
        }
        finally
        {
            Clear(board);
        }
    }

    private protected override void ProcessEnd()
    {
        if (!IsWhatIf)
            WriteInformation($"Total reclaimed space: {ByteSize.Format(_reclaimed)}", InformationTags);
    }

    private void Clear(Store store, UnusedItem item, PruneOptions options, PruneProgressBoard board)
    {
        board.Next(item);
        if (!ShouldProcess($"{Printable.Escape(item.Name)} ({ByteSize.Format(item.Bytes)})", $"Remove {Describe(item.Kind)}"))
            return;
        if (RunShowing(board, () => store.Maintenance.Prune(item, options)) is not { } result)
        {
            WriteVerbose($"{item.Kind} {Printable.Escape(item.Name)} is in use and stays.");
            return;
        }
        _reclaimed += result.Bytes;
        WriteObject(result);
    }

    private static string Describe(StorageKind kind) => kind switch
    {
        StorageKind.Container => "container",
        StorageKind.Volume => "volume",
        StorageKind.Image => "image with all its names",
        _ => "standalone layer",
    };
}
