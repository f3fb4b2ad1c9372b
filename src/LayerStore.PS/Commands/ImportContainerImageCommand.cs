using System.Collections;
using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Imports the images of docker-archives, OCI archives and OCI layout directories; which it is, the content says.</summary>
[Cmdlet(VerbsData.Import, "ContainerImage", DefaultParameterSetName = LiteralPathSet, SupportsShouldProcess = true)]
[Alias("Load-ContainerImage")]
[OutputType(typeof(ContainerImage))]
public sealed class ImportContainerImageCommand : ImportFileCommand
{
    /// <summary>Names to give instead of the archive's own; only where one image is imported.</summary>
    [Parameter]
    [Alias("Tag")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageTagCompleter))]
    public string[]? Reference { get; set; }

    /// <summary>The platform to take from an index, for example <c>linux/arm64/v8</c>; without it this machine's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>Take every platform of an index.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>
    /// What one layer may ask of the machine, where the defaults do not fit: a hashtable with MaxLayerBytes, MaxFileBytes, MaxEntries, MaxPathBytes,
    /// MaxPathDepth, MaxPaxHeaderBytes, MaxXattrBytes, MaxSparseSegments,
    /// MaxCompressionRatio or MaxRememberedBytes; sizes may be written <c>'100GB'</c>.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [NameValueTransformation]
    [ArgumentCompleter(typeof(LimitCompleter))]
    public Hashtable? Limit { get; set; }

    /// <summary>The paths are root file systems, directories or plain tar archives, of which an image with one layer is made.</summary>
    [Parameter]
    public SwitchParameter RootFs { get; set; }

    /// <summary>With -RootFs: what was done, the comment of the history's one entry.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>With -RootFs: the configuration, as lines of a Dockerfile.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InstructionCompleter))]
    public string[]? Change { get; set; }

    /// <summary>Keep the layers' compressed blobs besides, so that pushing and exporting them compresses nothing again.</summary>
    [Parameter]
    public SwitchParameter KeepCompressed { get; set; }

    /// <summary>How many layers are worked on at once; without it as many as there are processors.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; }

    private protected override void ProcessInput()
    {
        RequireTarget(Path, LiteralPath);
        if (All && Platform is not null)
            throw new StoreException(
                ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, Platform,
                "-Platform and -All exclude each other.", "Give one of them.");
        if (!RootFs && (Message ?? Change?[0]) is { } stray)
            throw new StoreException(
                ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, stray,
                "-Message and -Change go with -RootFs only: an image of an archive brings its own configuration.", "Leave them out, or import a root file system with -RootFs.");
        var root = ResolveRoot();
        var options = new ImportOptions
        {
            References = Reference ?? [],
            Platform = Platform,
            AllPlatforms = All,
            Limits = LimitsFrom(Limit),
            Parallelism = ThrottleLimit,
            KeepCompressed = KeepCompressed,
        };
        ForEachFile(path => ImportPath(root, path, options));
    }

    private void ImportPath(string root, string path, ImportOptions options)
    {
        var file = new FileInfo(path);
        if (!file.Exists && !Directory.Exists(path))
            throw new StoreException(
                ErrorIds.ArchiveNotFound, StoreErrorKind.NotFound, path,
                $"There is no file or directory '{Printable.Escape(path)}'.",
                "Check the path; 'docker save -o FILE IMAGE' writes an archive.");
        var size = file.Exists ? ByteSize.Format(file.Length) : "directory";
        if (!ShouldProcess($"{Printable.Escape(path)} ({size})", $"Import images into {Printable.Escape(root)}"))
            return;
        if (RootFs)
        {
            WriteObject(OpenOrCreateStore(root).Images.ImportRootFs(
                path, new CommitOptions { References = Reference ?? [], Message = Message, Changes = Change ?? [] }, Cancellation));
            return;
        }
        var board = new ImportProgressBoard(System.IO.Path.GetFileName(path));
        var images = OpenOrCreateStore(root).Images.Import(path, options, board, Cancellation).GetEnumerator();
        try
        {
            while (RunShowing(board, images.MoveNext))
            {
                WriteVerbose($"Imported {images.Current.Reference}: {images.Current.LayerCount} layers, {ByteSize.Format(images.Current.Size)}.");
                WriteObject(images.Current);
            }
        }
        finally
        {
            images.Dispose();
            Clear(board);
        }
    }
}
