using System.Management.Automation;
using LayerStore.Archives;
using LayerStore.PS.Formatting;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Writes layers as the tar archives that they came in, byte for byte, as <c>containers-storage diff</c>.</summary>
[Cmdlet(VerbsData.Export, "ContainerLayer", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerLayerArchive))]
public sealed class ExportContainerLayerCommand : SelectLayerCommand
{
    /// <summary>The file to write; in a directory that exists, a file named by the layer's short id.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("OutFile", "DestinationPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>How the archive is compressed; plain without it.</summary>
    [Parameter]
    public CompressionKind Compression { get; set; }

    /// <summary>Replace a file that has the name already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() => ForEachLayer((store, layer) =>
    {
        var path = ArchivePath.Of(ResolveFilePath(Path), DockerText.ShortId(layer.Id), Compression);
        if (!ShouldProcess($"{Printable.Escape(path)} ({ByteSize.Format(layer.UncompressedSize)} uncompressed)", $"Export layer {DockerText.ShortId(layer.Id)}"))
            return;
        var board = new ExportProgressBoard(System.IO.Path.GetFileName(path));
        WriteObject(RunWithProgress(board, () => store.Images.ExportLayer(layer.Id, path, Compression, Force, board, Cancellation)));
    });
}
