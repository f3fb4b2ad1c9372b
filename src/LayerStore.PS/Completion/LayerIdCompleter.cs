using LayerStore.PS.Formatting;

namespace LayerStore.PS.Completion;

/// <summary>Completes short ids of layers.</summary>
public sealed class LayerIdCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context) =>
        index.Layers().Select(layer => new Candidate(
            DockerText.ShortId(layer.Id), $"{ByteSize.Format(layer.Size)}, {layer.Inodes} entries, {DockerText.Age(layer.Created)}"));
}
