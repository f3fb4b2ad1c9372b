using System.Management.Automation;
using LayerStore.PS.Formatting;

namespace LayerStore.PS.Commands;

/// <summary>Says what images, containers, standalone layers and volumes take, and how much of it is not in use, as <c>docker system df</c>.</summary>
[Cmdlet(VerbsCommon.Get, "StorageUsage")]
[OutputType(typeof(StorageUsage), typeof(ImageUsage), typeof(Container), typeof(ContainerLayer), typeof(ContainerVolume))]
public sealed class GetStorageUsageCommand : StoreCommand
{
    /// <summary>Only these kinds; without it all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public StorageKind[]? Kind { get; set; }

    /// <summary>Each thing instead of a sum, as <c>docker system df -v</c>: images with what they share, containers and volumes with their sizes, standalone layers.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void ProcessInput()
    {
        var store = RequireStore(ResolveRoot());
        ForEach(Kind?.Distinct() ?? Enum.GetValues<StorageKind>(), kind =>
        {
            if (Detailed)
                WriteDetails(store, kind);
            else
                WriteObject(store.Maintenance.GetUsage(kind, ReportUnmeasured, Cancellation));
        });
    }

    private void WriteDetails(Store store, StorageKind kind)
    {
        switch (kind)
        {
            case StorageKind.Image:
                WriteObject(store.Maintenance.GetImageUsage(), enumerateCollection: true);
                break;
            case StorageKind.Container:
                WriteEach(MeasuredContainer.Measure(store, store.Containers.List(), ReportUnmeasured, Cancellation));
                break;
            case StorageKind.Volume:
                ForEach(store.Volumes.List(), volume => WriteObject(MeasuredVolume.Measure(store, volume, Cancellation)));
                break;
            default:
                WriteObject(store.Layers.List().Where(layer => layer.Kept), enumerateCollection: true);
                break;
        }
    }
}
