using System.Collections;
using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Lists volumes by name, as <c>docker volume ls</c>; with -Size also what they hold.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerVolume", DefaultParameterSetName = VolumeNameSet)]
[OutputType(typeof(ContainerVolume))]
public sealed class GetContainerVolumeCommand : VolumeCommand
{
    /// <summary>Names, or wildcards over names; without any, every volume.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Volume")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Names; bound from any object that has a property of that name.</summary>
    [Parameter(ParameterSetName = VolumeNameSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[]? VolumeName { get; set; }

    /// <summary>Volumes as they were, to see how they are now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerVolume[]? InputObject { get; set; }

    /// <summary>Only volumes that no container has.</summary>
    [Parameter]
    [Alias("Dangling")]
    public SwitchParameter Unused { get; set; }

    /// <summary>Only volumes with these labels, <c>name=value</c> or <c>name</c>.</summary>
    [Parameter]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public IDictionary? Label { get; set; }

    /// <summary>Measure the volumes too: Size, Inodes and AllocatedBytes, and the column SIZE. Walks them.</summary>
    [Parameter]
    public SwitchParameter Size { get; set; }

    private protected override void ProcessInput()
    {
        if (Name is null && VolumeName is null && InputObject is null)
        {
            var all = AllVolumes(out var store);
            ForEach(all, volume => Emit(store!, volume));
        }
        else
            ForEachVolume(Name, VolumeName, InputObject, Emit);
    }

    private void Emit(Store store, ContainerVolume volume)
    {
        if ((Unused && volume.UsedBy.Count > 0) || !Labels.Match(volume.Labels, Label))
            return;
        if (Size)
            WriteObject(MeasuredVolume.Measure(store, volume, Cancellation));
        else
            WriteObject(volume);
    }
}
