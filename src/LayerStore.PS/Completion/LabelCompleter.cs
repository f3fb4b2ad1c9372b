namespace LayerStore.PS.Completion;

/// <summary>Completes labels as <c>name=value</c>: those that containers have, or images or volumes where the command is about them.</summary>
public sealed class LabelCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context)
    {
        var ofAll = context.Is("Clear-UnusedStorage") || context.Is("Prune-Storage");
        var ofVolumes = context.Command.EndsWith("Volume", StringComparison.OrdinalIgnoreCase);
        IEnumerable<(KeyValuePair<string, string> label, string Owner)> labels = [];
        if (ofAll || context.Is("Get-ContainerImage"))
            labels = index.Images().SelectMany(image => image.Labels.Select(label => (label, image.Reference)));
        if (ofAll || ofVolumes)
            labels = labels.Concat(index.Volumes().SelectMany(volume => volume.Labels.Select(label => (label, volume.Name))));
        if (ofAll || !(ofVolumes || context.Is("Get-ContainerImage")))
            labels = labels.Concat(index.Containers().SelectMany(container => container.Labels.Select(label => (label, container.Name))));
        return labels.GroupBy(label => $"{label.label.Key}={label.label.Value}", StringComparer.Ordinal)
            .Select(same => new Candidate(same.Key, $"{same.Key}: {Printable.Escape(string.Join(", ", same.Select(label => label.Owner).Distinct().Take(5)))}"));
    }
}
