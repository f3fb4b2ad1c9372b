using System.Management.Automation;
using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Writes images into one archive or layout, as <c>docker save</c>; their layers go out bit for bit as they came in.</summary>
[Cmdlet(VerbsData.Export, "ContainerImage", DefaultParameterSetName = ReferenceSet, SupportsShouldProcess = true)]
[Alias("Save-ContainerImage")]
[OutputType(typeof(ContainerImageArchive))]
public sealed class ExportContainerImageCommand : SelectImageCommand
{
    private readonly List<(Store Store, ContainerImage Image, string Selector)> _images = [];

    /// <summary>The file or, for a layout, the directory to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("OutFile", "DestinationPath", "o")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What is written.</summary>
    [Parameter]
    public ExportFormat Format { get; set; }

    /// <summary>How the layers are compressed; plain without it.</summary>
    [Parameter]
    public CompressionKind Compression { get; set; }

    /// <summary>Replace a file, or an image layout, that has the name already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() =>
        ForEachImage((store, image, selector) => _images.Add((store, image, selector)));

    private protected override void ProcessEnd()
    {
        if (_images.Count == 0)
            return;
        var store = _images[0].Store;
        if (_images.Find(other => other.Store != store) is { Store: { } stranger })
            throw new StoreException(
                ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, stranger.Root,
                $"The images are in two stores, '{Printable.Escape(store.Root)}' and '{Printable.Escape(stranger.Root)}'.", "Export the images of each store by themselves.");
        var path = ResolveFilePath(Path);
        if (!ShouldProcess($"{Printable.Escape(path)} ({Describe()})", "Export images"))
            return;
        var options = new ExportOptions { Format = Format, Compression = Compression, Force = Force };
        var board = new ExportProgressBoard(System.IO.Path.GetFileName(path));
        WriteObject(RunWithProgress(board, () => store.Images.Export([.. _images.Select(image => image.Selector)], path, options, board, Cancellation)));
    }

    private string Describe()
    {
        var images = _images.DistinctBy(image => image.Image.Id).ToList();
        return $"{images.Count} image(s) of {ByteSize.Format(images.Sum(image => image.Image.Size))}";
    }
}
