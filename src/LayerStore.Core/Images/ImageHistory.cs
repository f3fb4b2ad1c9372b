using LayerStore.Images.Formats;
using LayerStore.Metadata;

namespace LayerStore.Images;

/// <summary>Brings an image's steps and its layers together, as <c>docker history</c> shows them.</summary>
internal static class ImageHistory
{
    private const string Missing = "<missing>";

    /// <summary>The steps, newest first.</summary>
    /// <param name="image">The image.</param>
    /// <param name="layers">Its layers, lowest first.</param>
    /// <param name="root">The store.</param>
    /// <remarks>
    /// The history is only a claim of whoever built the image: where it names more layers than there are, the later steps have none; where it names fewer, each layer that is left
    /// over gets a row without a command, newer than the steps.
    /// </remarks>
    public static IReadOnlyList<ImageHistoryEntry> Of(ImageRecord image, IReadOnlyList<LayerRecord> layers, string root)
    {
        var entries = new List<ImageHistoryEntry>();
        var used = 0;
        foreach (var step in ImageConfig.Parse(image.Config, image.Id).History)
        {
            var layer = !step.EmptyLayer && used < layers.Count ? layers[used++] : null;
            entries.Add(Entry(step, layer));
        }
        while (used < layers.Count)
            entries.Add(Entry(new ImageConfigStep(null, "", "", EmptyLayer: false), layers[used++]));
        entries.Reverse();
        if (entries.Count > 0)
            entries[0] = entries[0] with { Image = Digest.Parse(image.Id).Short };
        return entries;

        ImageHistoryEntry Entry(ImageConfigStep step, LayerRecord? layer) => new()
        {
            Image = Missing,
            Created = step.Created,
            CreatedBy = step.CreatedBy,
            Size = layer?.Usage.Bytes ?? 0,
            Comment = step.Comment,
            EmptyLayer = layer is null,
            LayerId = layer?.Id.Value,
            ImageId = image.Id,
            Root = root,
        };
    }
}
