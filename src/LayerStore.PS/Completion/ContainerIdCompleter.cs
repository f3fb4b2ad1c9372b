namespace LayerStore.PS.Completion;

/// <summary>Completes short ids of containers, newest first.</summary>
public sealed class ContainerIdCompleter : ContainerNameCompleter
{
    private protected override bool OffersNames => false;
}
