using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS;

/// <summary>A volume cmdlet that must be told which volumes.</summary>
public abstract class SelectVolumeCommand : VolumeCommand
{
    /// <summary>The volumes as the pipeline brings them; each is looked for in its own store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerVolume[]? InputObject { get; set; }

    /// <summary>Names, or wildcards over names.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Volume")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Names; bound from any object that has a property of that name, so that objects of another session, and what containers have mounted, find their volume.</summary>
    [Parameter(ParameterSetName = VolumeNameSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[]? VolumeName { get; set; }

    private protected void ForEachVolume(Action<Store, ContainerVolume> action)
    {
        RequireTarget(Name, VolumeName, InputObject);
        ForEachVolume(Name, VolumeName, InputObject, action);
    }
}
