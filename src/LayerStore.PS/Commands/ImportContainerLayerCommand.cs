using System.Collections;
using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Imports single layers of tar archives, as <c>containers-storage applydiff</c>; they stay without an image until they are removed.</summary>
[Cmdlet(VerbsData.Import, "ContainerLayer", DefaultParameterSetName = LiteralPathSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerLayer))]
public sealed class ImportContainerLayerCommand : StoreCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <inheritdoc/>
    // Not by property name: what Export-ContainerLayer emits has the root of the store that the layer comes from.
    [Parameter]
    [Alias("StorePath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public override string? Root { get; set; }

    /// <summary>The archives; wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The archives, exactly as written; bound from files that come through the pipeline.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

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

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        RequireTarget(Path, LiteralPath);
        var root = ResolveRoot();
        var options = new LayerImportOptions { Parent = ParentId, ExpectedDigest = ExpectedDigest, Limits = LimitsFrom(Limit) };
        ForEach(LiteralPath, path => ImportPath(root, ResolveFilePath(path), options));
        ForEach(Path, path =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(path))
                ForEach(ResolveWildcards(path, ErrorIds.ArchiveNotFound), match => ImportPath(root, match, options));
            else
                ImportPath(root, ResolveFilePath(path), options);
        });
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
