using System.Collections;
using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Copies images into another store, which may have another driver; layers go byte for byte, and none that is there already.</summary>
[Cmdlet(VerbsCommon.Copy, "ContainerImage", DefaultParameterSetName = ReferenceSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class CopyContainerImageCommand : SelectImageCommand
{
    /// <summary>The root of the other store; one is made where there is none.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public string DestinationRoot { get; set; } = "";

    /// <summary>The driver of the other store; without it the store's own, or for a new one what the configuration says, or the best that works.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DriverNameCompleter))]
    public string? DestinationDriver { get; set; }

    /// <summary>What one layer may ask of the machine, as for Import-ContainerImage.</summary>
    [Parameter]
    [ValidateNotNull]
    [NameValueTransformation]
    [ArgumentCompleter(typeof(LimitCompleter))]
    public Hashtable? Limit { get; set; }

    /// <summary>How many layers are worked on at once; without it as many as there are processors.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        var destination = ResolveFilePath(DestinationRoot);
        ForEachImage((store, image, selector) =>
        {
            if (System.IO.Path.TrimEndingDirectorySeparator(destination) == store.Root)
                throw new StoreException(
                    ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, selector, $"'{Printable.Escape(destination)}' is the store that the image is in already.",
                    "Give another store's root with -DestinationRoot; another name is given by Add-ContainerImageTag.");
            if (!ShouldProcess($"{Printable.Escape(selector)} ({ByteSize.Format(image.Size)} in {image.LayerCount} layers)", $"Copy image to {Printable.Escape(destination)}"))
                return;
            var other = OpenDestination(destination);
            var board = new ImportProgressBoard(selector, "Copying");
            var options = new ImportOptions { Limits = LimitsFrom(Limit), Parallelism = ThrottleLimit };
            WriteObject(RunWithProgress(board, () => store.Images.CopyTo(other.Images, selector, options, board, Cancellation)));
        });
    }

    private Store OpenDestination(string root) => DestinationDriver is null || FindStore(root) is { Driver.Name: var name } && name == DestinationDriver
        ? OpenOrCreateStore(root)
        : Open(new StoreOptions { Root = root, Driver = DestinationDriver, Defaults = DefaultsFor(root), KeepsDatabaseOpen = true });
}
