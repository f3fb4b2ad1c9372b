namespace LayerStore.PS.Completion;

/// <summary>Completes labels as <c>name=value</c>: those that containers have, or images or volumes where the command is about them.</summary>
public sealed class LabelCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context)
    {
        var labels = context.Command.EndsWith("Volume", StringComparison.OrdinalIgnoreCase)
            ? index.Volumes().SelectMany(volume => volume.Labels.Select(label => (label, Owner: volume.Name)))
            : context.Is("Get-ContainerImage")
            ? index.Images().SelectMany(image => image.Labels.Select(label => (label, Owner: image.Reference)))
            : index.Containers().SelectMany(container => container.Labels.Select(label => (label, Owner: container.Name)));
        return labels.GroupBy(label => $"{label.label.Key}={label.label.Value}", StringComparer.Ordinal)
            .Select(same => new Candidate(same.Key, $"{same.Key}: {Printable.Escape(string.Join(", ", same.Select(label => label.Owner).Distinct().Take(5)))}"));
    }
}
