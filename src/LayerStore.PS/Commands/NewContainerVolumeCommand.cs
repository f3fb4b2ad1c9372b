using System.Collections;
using System.Management.Automation;
using LayerStore.PS.Completion;
using LayerStore.Volumes;

namespace LayerStore.PS.Commands;

/// <summary>Makes volumes: directories whose files outlive the containers that have them.</summary>
[Cmdlet(VerbsCommon.New, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class NewContainerVolumeCommand : StoreCommand
{
    /// <summary>The names; without any one volume with a generated name is made. A volume that is there already is given as it is.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VolumeName")]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Labels, <c>@{ name = 'value' }</c> or <c>name=value</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public IDictionary? Label { get; set; }

    /// <summary>The most that the volume may take: bytes, or a text such as 10G; without it there is no limit.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long? Size { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() => ForEach(Name ?? [null!], name =>
    {
        var root = ResolveRoot();
        var limit = Size is { } size ? $"at most {ByteSize.Format(size)}" : "0B";
        if (ShouldProcess($"{Printable.Escape(name ?? "(generated name)")} ({limit})", "New volume"))
            WriteObject(OpenOrCreateStore(root).Volumes.Create(new VolumeOptions { Name = name, Size = Size, Labels = Labels.From(Label) }));
    });
}
