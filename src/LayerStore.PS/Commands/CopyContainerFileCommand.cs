using System.Management.Automation;
using LayerStore.Containers;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Copies files and directories out of containers, or into them, as <c>docker cp</c>.</summary>
[Cmdlet(VerbsCommon.Copy, "ContainerFile", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerFileCopy))]
public sealed class CopyContainerFileCommand : ContainerCommand
{
    private const string LiteralPathSet = "LiteralPath";
    private const int MaxWarnings = 10;

    /// <inheritdoc/>
    // By property name only with an id: a directory that comes through the pipeline has a property Root, which means something else.
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Alias("StorePath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public override string? Root { get; set; }

    /// <summary>The containers as the pipeline brings them; each is looked for in its own store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over names.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = LiteralPathSet)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids; bound from any object that has a property of that name.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>What is copied: paths in the container, exactly as written; with -ToContainer paths of this machine, of which wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = NameSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = IdSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>As -Path, exactly as written; bound from files that come through the pipeline.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Where the copy goes: a path of this machine; with -ToContainer a path in the container.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Copy from this machine into the container, and not out of it.</summary>
    [Parameter]
    public SwitchParameter ToContainer { get; set; }

    /// <summary>Keep owner, group, set-user-id and set-group-id bits, extended attributes and devices.</summary>
    [Parameter]
    public SwitchParameter Archive { get; set; }

    /// <summary>Copy what a symbolic link at the end of the path points to, and not the link.</summary>
    [Parameter]
    public SwitchParameter FollowLink { get; set; }

    /// <summary>Emit what was copied.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        RequireTarget(Name, Id, InputObject);
        ForEachContainer(Name, Id, InputObject, (store, container) =>
        {
            ForEach(LiteralPath, path => Copy(store, container, ToContainer ? ResolveCopyPath(path) : path));
            ForEach(Path, path =>
            {
                if (ToContainer && WildcardPattern.ContainsWildcardCharacters(path))
                    ForEach(ResolveWildcards(path, ErrorIds.FileNotFound), match => Copy(store, container, match));
                else
                    Copy(store, container, ToContainer ? ResolveCopyPath(path) : path);
            });
        });
    }

    private void Copy(Store store, Container container, string source)
    {
        var destination = ToContainer ? Destination : ResolveCopyPath(Destination);
        var target = ToContainer ? $"{container.Name}:{Printable.Escape(destination)}" : Printable.Escape(destination);
        var what = ToContainer ? Describe(source) : $"{container.Name}:{Printable.Escape(source)}";
        if (!ShouldProcess(target, $"Copy {what}"))
            return;
        var options = new ContainerCopyOptions { Archive = Archive, FollowLink = FollowLink };
        var board = new WorkBoard("Copying", source, "Copying files");
        var copy = RunWithProgress(board, () => ToContainer
            ? store.Containers.CopyTo(container.Id, source, destination, options, board, Cancellation)
            : store.Containers.CopyFrom(container.Id, source, destination, options, board, Cancellation));
        foreach (var skipped in copy.Skipped.Take(MaxWarnings))
            WriteWarning($"Not copied: {skipped}.");
        if (copy.SkippedCount > MaxWarnings)
            WriteWarning($"Not copied: {copy.SkippedCount - MaxWarnings} more.");
        WriteVerbose($"Copied {copy.Entries} entries with {ByteSize.Format(copy.Size)} to {target}.");
        if (PassThru)
            WriteObject(copy);
    }

    private static string Describe(string path) => new FileInfo(path) is { Exists: true } file
        ? $"{Printable.Escape(path)} ({ByteSize.Format(file.Length)})"
        : Printable.Escape(path);

    /// <summary>As <see cref="ModuleCommand.ResolveFilePath"/>; an end with a slash, or a slash and a dot, has its meaning and stays.</summary>
    private string ResolveCopyPath(string path)
    {
        var end = path == "." || path.EndsWith("/.", StringComparison.Ordinal) ? "/." : path.EndsWith('/') ? "/" : "";
        var stem = path.Length > 1 && end == "/." ? path[..^2] : path;
        return ResolveFilePath(stem.Length == 0 ? "/" : stem).TrimEnd('/') + (end.Length == 0 && stem == "/" ? "/" : end);
    }
}
