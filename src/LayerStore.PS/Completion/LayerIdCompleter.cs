using LayerStore.PS.Formatting;

namespace LayerStore.PS.Completion;

/// <summary>Completes short ids of layers; those that can go where some are to be removed.</summary>
public sealed class LayerIdCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context) =>
        index.Layers().Where(layer => !context.Is("Remove-ContainerLayer") || (layer.Kept && layer.Images.Count == 0)).Select(layer => new Candidate(
            DockerText.ShortId(layer.Id), $"{ByteSize.Format(layer.Size)}, {layer.Inodes} entries, {DockerText.Age(layer.Created)}"));
}
