using System.Management.Automation;
using LayerStore.Archives;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Writes what volumes hold as tar archives, to back them up or to move them.</summary>
[Cmdlet(VerbsData.Export, "ContainerVolume", DefaultParameterSetName = VolumeNameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolumeArchive))]
public sealed class ExportContainerVolumeCommand : SelectVolumeCommand
{
    /// <summary>The file to write; in a directory that is there, the volume's name with <c>.tar</c>, <c>.tar.gz</c> or <c>.tar.zst</c>.</summary>
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

    private protected override void ProcessInput() => ForEachVolume((store, volume) =>
    {
        var path = ArchivePath.Of(ResolveFilePath(Path), volume.Name, Compression);
        if (!ShouldProcess(Printable.Escape(path), $"Export the volume {volume.Name}"))
            return;
        var board = WorkBoard.OfExport(volume.Name);
        WriteObject(RunWithProgress(board, () => store.Volumes.Export(volume.Name, path, Compression, Force, board, Cancellation)));
    });
}
