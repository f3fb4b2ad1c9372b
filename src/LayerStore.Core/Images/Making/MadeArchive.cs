using LayerStore.Images.Formats;

namespace LayerStore.Images.Making;

/// <summary>An image that this store makes itself, on its way in through the same door as every import.</summary>
/// <param name="image">The image.</param>
/// <param name="layers">The layers' files.</param>
/// <param name="options">The import's.</param>
internal sealed class MadeArchive(ArchivedImage image, IBlobSource layers, ImportOptions options) : ImageArchive(layers, options)
{
    public override int Count => 1;

    public override ArchivedImage Load(int index) => image;
}
