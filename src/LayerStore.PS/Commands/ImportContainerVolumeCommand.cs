using System.Collections;
using System.Management.Automation;
using LayerStore.PS.Completion;
using LayerStore.Volumes;

namespace LayerStore.PS.Commands;

/// <summary>Makes volumes of tar archives, plain or compressed with gzip or zstd: all of an archive or nothing.</summary>
[Cmdlet(VerbsData.Import, "ContainerVolume", DefaultParameterSetName = LiteralPathSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class ImportContainerVolumeCommand : ImportFileCommand
{
    /// <summary>The volume, made where there is none; without it the one with the archive's name, up to <c>.tar</c>.</summary>
    [Parameter(Position = 1)]
    [Alias("VolumeName", "Volume")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Labels of a new volume, <c>@{ name = 'value' }</c> or <c>name=value</c>.</summary>
    [Parameter]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public IDictionary? Label { get; set; }

    /// <summary>The most that a new volume may take: bytes, or a text such as 10G.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long? Size { get; set; }

    /// <summary>What an archive may ask of the machine, where the defaults do not fit; as for Import-ContainerImage.</summary>
    [Parameter]
    [ValidateNotNull]
    [NameValueTransformation]
    [ArgumentCompleter(typeof(LimitCompleter))]
    public Hashtable? Limit { get; set; }

    /// <summary>Replace everything that the volume holds; without it the volume has to be empty.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessInput()
    {
        ForEachFile(ImportPath);
    }

    private void ImportPath(string path)
    {
        var root = ResolveRoot();
        var name = Name ?? NameOf(path);
        var size = new FileInfo(path) is { Exists: true } file ? ByteSize.Format(file.Length) : "no file";
        if (!ShouldProcess($"{Printable.Escape(path)} ({size})", $"Import into the volume {Printable.Escape(name)}"))
            return;
        WriteObject(OpenOrCreateStore(root).Volumes.Import(path, new VolumeImportOptions
        {
            Volume = new VolumeOptions { Name = name, Size = Size, Labels = Labels.From(Label) },
            Force = Force,
            Limits = LimitsFrom(Limit),
        }, Cancellation));
    }

    private static string NameOf(string path)
    {
        var file = System.IO.Path.GetFileName(path);
        var tar = file.LastIndexOf(".tar", StringComparison.OrdinalIgnoreCase);
        return tar > 0 ? file[..tar] : System.IO.Path.GetFileNameWithoutExtension(file);
    }
}
