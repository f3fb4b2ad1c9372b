using System.Management.Automation;

namespace LayerStore.PS.Commands;

/// <summary>Says what containers changed, as <c>docker diff</c>: added, modified and deleted paths.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerChange", DefaultParameterSetName = IdSet)]
[OutputType(typeof(ContainerChange))]
public sealed class GetContainerChangeCommand : SelectContainerCommand
{
    private protected override void ProcessInput() => ForEachContainer((store, container) =>
        WriteObject(store.Containers.Changes(container.Id, Cancellation), enumerateCollection: true));
}
