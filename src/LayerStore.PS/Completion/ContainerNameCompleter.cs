using LayerStore.PS.Formatting;

namespace LayerStore.PS.Completion;

/// <summary>Completes names of containers, newest first; with no name that fits, ids.</summary>
public class ContainerNameCompleter : StoreCompleter
{
    private protected sealed override IEnumerable<Candidate> Candidates(Store store, string root)
    {
        var containers = store.Containers.List().Where(IsOffered).ToArray();
        return containers.Select(container => new Candidate(container.Name, Describe(container)))
            .Concat(containers.Select(container => new Candidate(container.Id[..12], Describe(container), IsId: true)));
    }

    /// <summary>Which containers make sense for the parameter.</summary>
    private protected virtual bool IsOffered(Container container) => true;

    private static string Describe(Container container) =>
        $"{container.Name}: {DockerText.ImageName(container.Image)}, {DockerText.Status(container.State, container.MountCount)}, {DockerText.Age(container.Created)}";
}
