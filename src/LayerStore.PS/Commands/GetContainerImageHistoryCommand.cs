using System.Management.Automation;

namespace LayerStore.PS.Commands;

/// <summary>Lists the steps that made an image, newest first, as <c>docker history</c>.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImageHistory", DefaultParameterSetName = ReferenceSet)]
[OutputType(typeof(ImageHistoryEntry))]
public sealed class GetContainerImageHistoryCommand : SelectImageCommand
{
    private protected override void ProcessInput() =>
        ForEachImage((store, image, _) => WriteObject(store.Images.History(image.Id), enumerateCollection: true));
}
