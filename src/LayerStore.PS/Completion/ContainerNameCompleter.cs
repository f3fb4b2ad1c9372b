using LayerStore.PS.Formatting;

namespace LayerStore.PS.Completion;

/// <summary>Completes names of containers, newest first; with no name that fits, ids.</summary>
public class ContainerNameCompleter : StoreCompleter
{
    private protected sealed override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context)
    {
        var containers = index.Containers().Where(container => IsOffered(container, context)).ToArray();
        return OffersNames
            ? containers.Select(container => new Candidate(container.Name, Describe(container)))
                .Concat(containers.Select(container => new Candidate(container.Id[..12], Describe(container), IsId: true)))
            : containers.Select(container => new Candidate(container.Id[..12], Describe(container)));
    }

    /// <summary>True where names make sense for the parameter.</summary>
    private protected virtual bool OffersNames => true;

    /// <summary>Which containers make sense for the parameter: what is mounted is removed only by force, and only what is mounted can be dismounted.</summary>
    private protected virtual bool IsOffered(Container container, CompletionContext context) =>
        context.Is("Remove-Container") ? container.MountCount == 0 || context.Has("Force")
        : !context.Is("Dismount-Container") && !context.Is("Get-ContainerMount") || container.MountCount > 0;

    private static string Describe(Container container) =>
        $"{container.Name}: {DockerText.ImageName(container.Image)}, {DockerText.Status(container.State, container.MountCount)}, {DockerText.Age(container.Created)}";
}
