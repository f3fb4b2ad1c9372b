namespace LayerStore.Images.Formats;

/// <summary>An image that an index means, with the names that it has there.</summary>
internal sealed record OciImageEntry(Descriptor Manifest, IReadOnlyList<ImageReference> Names);
