namespace LayerStore.PS.Completion;

/// <summary>Completes volumes to mount, up to the path in the container.</summary>
public sealed class MountCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context) =>
        index.Volumes().Select(volume => new Candidate(volume.Name + ":/", VolumeNameCompleter.Describe(volume), IsId: volume.Anonymous));
}
