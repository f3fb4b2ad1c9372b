using System.Collections;
using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Imports single layers of tar archives, as <c>containers-storage applydiff</c>; they stay without an image until they are removed.</summary>
[Cmdlet(VerbsData.Import, "ContainerLayer", DefaultParameterSetName = LiteralPathSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerLayer))]
public sealed class ImportContainerLayerCommand : ImportFileCommand
{
    /// <summary>The layer below: its id, a unique prefix of it, a DiffID, a chain id, or an image whose uppermost layer it is; without it the layer is a lowest one.</summary>
    [Parameter]
    [Alias("Parent")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerIdCompleter))]
    public string? ParentId { get; set; }

    /// <summary>The digest that the file, or the uncompressed archive in it, must have; bound from the property DiffId of any object.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("DiffId")]
    [ValidateNotNullOrEmpty]
    public string? ExpectedDigest { get; set; }

    /// <summary>What the layer may ask of the machine, as for Import-ContainerImage.</summary>
    [Parameter]
    [ValidateNotNull]
    [NameValueTransformation]
    [ArgumentCompleter(typeof(LimitCompleter))]
    public Hashtable? Limit { get; set; }

    private protected override void ProcessInput()
    {
        var root = ResolveRoot();
        var options = new LayerImportOptions { Parent = ParentId, ExpectedDigest = ExpectedDigest, Limits = LimitsFrom(Limit) };
        ForEachFile(path => ImportPath(root, path, options));
    }

    private void ImportPath(string root, string path, LayerImportOptions options)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new StoreException(
                ErrorIds.ArchiveNotFound, StoreErrorKind.NotFound, path, $"There is no file '{Printable.Escape(path)}'.", "Check the path; Export-ContainerLayer writes a layer's archive.");
        if (!ShouldProcess($"{Printable.Escape(path)} ({ByteSize.Format(file.Length)})", $"Import layer into {Printable.Escape(root)}"))
            return;
        var board = new ImportProgressBoard(file.Name);
        var store = OpenOrCreateStore(root);
        WriteObject(RunWithProgress(board, () => store.Images.ImportLayer(path, options, board, Cancellation)));
    }
}
