using System.Management.Automation;

namespace LayerStore.PS.Formatting;

/// <summary>Containers with their sizes, which are shown as <c>docker ps -s</c> shows them.</summary>
internal static class MeasuredContainer
{
    private const string TypeName = "LayerStore.Container#Size";

    /// <summary>Measures containers on all processors, in the order given; those that vanish meanwhile are left out, those that cannot be measured have no size.</summary>
    /// <param name="store">Their store.</param>
    /// <param name="containers">The containers.</param>
    /// <param name="failed">Told of each that cannot be measured, before it comes.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public static IEnumerable<PSObject> Measure(Store store, IReadOnlyList<Container> containers, Action<Container, StoreException> failed, CancellationToken cancellation)
    {
        var byId = containers.DistinctBy(container => container.Id).ToDictionary(container => container.Id, StringComparer.Ordinal);
        var unmeasured = new Queue<Container>();
        foreach (var size in store.Containers.Measure(containers, Remember, cancellation))
        {
            while (unmeasured.TryDequeue(out var before))
                yield return Show(before);
            yield return Show(byId[size.Id] with { SizeRw = size.SizeRw, SizeRootFs = size.SizeRootFs, AllocatedBytes = size.AllocatedBytes });
        }
        while (unmeasured.TryDequeue(out var last))
            yield return Show(last);

        void Remember(Container container, StoreException error)
        {
            failed(container, error);
            unmeasured.Enqueue(container);
        }
    }

    private static PSObject Show(Container container)
    {
        var item = new PSObject(container);
        item.TypeNames.Insert(0, TypeName);
        return item;
    }
}
