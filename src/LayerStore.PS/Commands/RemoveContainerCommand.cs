using System.Management.Automation;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Removes containers with their writable layers.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", DefaultParameterSetName = IdSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Container))]
public sealed class RemoveContainerCommand : SelectContainerCommand
{
    /// <summary>Unmount a mounted container first. It does not keep -Confirm from asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Remove the containers' volumes that nobody named, too, unless another container has them. Volumes with names always stay.</summary>
    [Parameter]
    public SwitchParameter Volume { get; set; }

    /// <summary>Emit the containers that were removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() => ForEachContainer((store, container) =>
    {
        if (!ShouldProcess(Describe(store, container), "Remove container"))
            return;
        var removed = RunWithProgress(WorkBoard.OfRemoval(container.Name), () => store.Containers.Remove(container.Id, Force, Volume));
        if (PassThru)
            WriteObject(removed);
    });

    private string Describe(Store store, Container container)
    {
        if (!IsTargetShown)
            return container.Name;
        try
        {
            return $"{container.Name} ({ByteSize.Format(store.Containers.Measure(container.Id, Cancellation).SizeRw)} of changes)";
        }
        catch (StoreException)
        {
            // One whose layers somebody deleted can be removed all the same.
            return $"{container.Name} (its changes cannot be measured)";
        }
    }
}
