using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>Volumes with what they hold, shown with the columns LINKS and SIZE.</summary>
internal static class MeasuredVolume
{
    private const string TypeName = "LayerStore.ContainerVolume#Size";

    /// <summary>Walks the volume.</summary>
    internal static PSObject Measure(Store store, ContainerVolume volume, CancellationToken cancellation)
    {
        var usage = store.Volumes.Measure(volume.Name, cancellation);
        var item = new PSObject(volume with { Size = usage.Bytes, Inodes = usage.Inodes, AllocatedBytes = usage.AllocatedBytes });
        item.TypeNames.Insert(0, TypeName);
        return item;
    }
}
