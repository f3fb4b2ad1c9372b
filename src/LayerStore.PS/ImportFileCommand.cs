using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS;

/// <summary>A cmdlet that brings files into a store.</summary>
public abstract class ImportFileCommand : StoreCommand
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    /// <inheritdoc/>
    // Not by property name: what comes through the pipeline may have a property Root that means something else, a directory's or the store's that a file comes from.
    [Parameter]
    [Alias("StorePath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public override string? Root { get; set; }

    /// <summary>The files; wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The files, exactly as written; bound from files that come through the pipeline.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    private protected override bool ChangesStore => true;

    /// <summary>Calls <paramref name="import"/> for each file that the bound parameters mean, with its absolute path.</summary>
    private protected void ForEachFile(Action<string> import)
    {
        RequireTarget(Path, LiteralPath);
        ForEach(LiteralPath, path => import(ResolveFilePath(path)));
        ForEach(Path, path => ForEach(ResolveInputs(path, ErrorIds.ArchiveNotFound), import));
    }
}
