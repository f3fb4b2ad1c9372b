using LayerStore.Images.Formats;
using LayerStore.Metadata;

namespace LayerStore.Images;

/// <summary>Makes what users see of an image's record.</summary>
internal static class ImageRow
{
    private const string None = "<none>";

    /// <summary>The names that get a row of their own: tags, and a digest only where its repository has no tag (as <c>docker image ls</c>).</summary>
    public static IReadOnlyList<ImageReference> Shown(IEnumerable<string> canonicalNames)
    {
        var names = canonicalNames.Select(ImageReference.Parse).ToList();
        var tagged = names.Where(name => name.Tag is not null).Select(name => name.Name).ToHashSet(StringComparer.Ordinal);
        return [.. names.Where(name => name.Tag is not null || !tagged.Contains(name.Name))];
    }

    /// <summary>One row for each name that is shown; one row for an image without a name.</summary>
    public static IEnumerable<ContainerImage> All(ImageRecord image, IReadOnlyList<string> canonicalNames, IReadOnlyList<string> layers, string root)
    {
        var row = Unnamed(image, canonicalNames, layers, root);
        var shown = Shown(canonicalNames);
        return shown.Count == 0 ? [row] : shown.Select(name => Named(row, name));
    }

    /// <summary>The row of one name; of the first where <paramref name="canonicalName"/> is null or no name that is shown.</summary>
    public static ContainerImage One(
        ImageRecord image, string? canonicalName, IReadOnlyList<string> canonicalNames, IReadOnlyList<string> layers, string root)
    {
        var row = Unnamed(image, canonicalNames, layers, root);
        var shown = Shown(canonicalNames);
        var name = canonicalName is not null ? ImageReference.Parse(canonicalName) : shown.Count > 0 ? shown[0] : null;
        return name is null ? row : Named(row, name);
    }

    private static ContainerImage Named(ContainerImage row, ImageReference name) => row with
    {
        Repository = name.FamiliarName,
        Tag = name.Tag ?? None,
        Reference = name.Familiar,
    };

    private static ContainerImage Unnamed(ImageRecord image, IReadOnlyList<string> canonicalNames, IReadOnlyList<string> layers, string root) => new()
    {
        Id = image.Id,
        Repository = None,
        Tag = None,
        Reference = image.Id,
        References = [.. Shown(canonicalNames).Select(name => name.Familiar).Order(StringComparer.Ordinal)],
        Digest = image.ManifestDigest,
        Created = image.Created,
        Size = image.Size,
        LayerCount = image.LayerCount,
        Layers = layers,
        OperatingSystem = image.OperatingSystem,
        Architecture = image.Architecture,
        Labels = ImageConfig.Parse(image.Config, image.Id).Labels,
        Root = root,
    };
}
