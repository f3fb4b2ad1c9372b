using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Formatting;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Removes layers that were imported by themselves; never one that an image or a container needs.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerLayer", DefaultParameterSetName = IdSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(RemovedItem))]
public sealed class RemoveContainerLayerCommand : SelectLayerCommand
{
    /// <summary>Remove the layers that stand on it as well.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit what was deleted.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() => ForEachLayer((store, layer) =>
    {
        if (!ShouldProcess($"{DockerText.ShortId(layer.Id)} ({ByteSize.Format(layer.Size)})", "Remove layer"))
            return;
        foreach (var removed in RunWithProgress(WorkBoard.OfRemoval(DockerText.ShortId(layer.Id)), () => store.Layers.Remove(layer.Id, Force)))
        {
            WriteVerbose($"Deleted: {removed.Id}");
            if (PassThru)
                WriteObject(new RemovedItem("Deleted", "Layer", removed.Id, removed.Size));
        }
    });
}
