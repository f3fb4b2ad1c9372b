namespace LayerStore.PS.Completion;

/// <summary>Completes names of containers that are mounted.</summary>
public sealed class MountedContainerCompleter : ContainerNameCompleter
{
    private protected override bool IsOffered(Container container) => container.MountCount > 0;
}
