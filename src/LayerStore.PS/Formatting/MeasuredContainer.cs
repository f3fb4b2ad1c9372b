using System.Management.Automation;

namespace LayerStore.PS.Formatting;

/// <summary>Containers with their sizes, which are shown as <c>docker ps -s</c> shows them.</summary>
internal static class MeasuredContainer
{
    private const string TypeName = "LayerStore.Container#Size";

    /// <summary>Measures containers on all processors, in the order given; those that vanish meanwhile are left out.</summary>
    public static IEnumerable<PSObject> Measure(Store store, IReadOnlyList<Container> containers, CancellationToken cancellation)
    {
        var byId = containers.DistinctBy(container => container.Id).ToDictionary(container => container.Id, StringComparer.Ordinal);
        foreach (var size in store.Containers.Measure(containers, cancellation))
        {
            var item = new PSObject(byId[size.Id] with { SizeRw = size.SizeRw, SizeRootFs = size.SizeRootFs, AllocatedBytes = size.AllocatedBytes });
            item.TypeNames.Insert(0, TypeName);
            yield return item;
        }
    }
}
