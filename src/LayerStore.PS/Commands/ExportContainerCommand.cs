using System.Management.Automation;
using LayerStore.Archives;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Writes a container's whole tree as a tar archive, as <c>docker export</c>.</summary>
[Cmdlet(VerbsData.Export, "Container", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerArchive))]
public sealed class ExportContainerCommand : SelectContainerCommand
{
    /// <summary>The file to write; in a directory that is there, the container's name with <c>.tar</c>, <c>.tar.gz</c> or <c>.tar.zst</c>.</summary>
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

    private protected override void ProcessInput() => ForEachContainer((store, container) =>
    {
        var path = ArchivePath.Of(ResolveFilePath(Path), container.Name, Compression);
        if (!ShouldProcess(Printable.Escape(path), $"Export the tree of {container.Name}"))
            return;
        var board = WorkBoard.OfExport(container.Name);
        WriteObject(RunWithProgress(board, () => store.Containers.Export(container.Id, path, Compression, Force, board, Cancellation)));
    });
}
