using LayerStore.PS.Formatting;

namespace LayerStore.PS.Completion;

/// <summary>Completes short ids of layers.</summary>
public sealed class LayerIdCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(Store store, string root) =>
        store.Layers.List().Select(layer => new Candidate(
            DockerText.ShortId(layer.Id), $"{ByteSize.Format(layer.Size)}, {layer.Inodes} entries, {DockerText.Age(layer.Created)}"));
}
