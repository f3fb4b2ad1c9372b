using LayerStore.PS.Formatting;

namespace LayerStore.PS.Completion;

/// <summary>Completes names of volumes; those that nobody named only where somebody began to type one.</summary>
public sealed class VolumeNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context) =>
        index.Volumes().Where(volume => IsOffered(volume, context)).Select(volume => new Candidate(volume.Name, Describe(volume), IsId: volume.Anonymous));

    /// <summary>What containers have is removed only by force.</summary>
    private static bool IsOffered(ContainerVolume volume, CompletionContext context) =>
        !context.Is("Remove-ContainerVolume") || volume.UsedBy.Count == 0 || context.Has("Force");

    internal static string Describe(ContainerVolume volume) =>
        $"{volume.Name}: {(volume.UsedBy.Count == 0 ? "unused" : "used by " + string.Join(", ", volume.UsedBy.Take(5)))}, {DockerText.Age(volume.Created)}";
}
