using System.Management.Automation;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Removes volumes with all that they hold.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerVolume", DefaultParameterSetName = VolumeNameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ContainerVolume))]
public sealed class RemoveContainerVolumeCommand : SelectVolumeCommand
{
    /// <summary>Remove a volume that containers have, as long as none of them is mounted; they get an empty one at their next mount. It does not keep -Confirm from asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the volumes that were removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() => ForEachVolume((store, volume) =>
    {
        if (!ShouldProcess(Describe(store, volume), "Remove volume"))
            return;
        var removed = RunWithProgress(WorkBoard.OfRemoval(volume.Name), () => store.Volumes.Remove(volume.Name, Force));
        if (PassThru)
            WriteObject(removed);
    });

    private string Describe(Store store, ContainerVolume volume)
    {
        if (!IsTargetShown)
            return volume.Name;
        try
        {
            return $"{volume.Name} ({ByteSize.Format(store.Volumes.Measure(volume.Name, Cancellation).Bytes)})";
        }
        catch (StoreException error) when (error.ErrorId == ErrorIds.VolumeDamaged)
        {
            // It can be removed all the same.
            return $"{volume.Name} (its directory is lost)";
        }
    }
}
