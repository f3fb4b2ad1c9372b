using LayerStore.Metadata;

namespace LayerStore.Images;

/// <summary>Finds the image that a user means: by name, by id, or by the beginning of an id.</summary>
internal sealed class ImageLookup(StoreMetadata metadata, string root)
{
    private const string IdPrefix = "sha256:";

    /// <summary>As <see cref="ImageCollection.Get"/> says.</summary>
    /// <returns>The image, and the canonical name that it was found by; null where it was found by its id.</returns>
    public (ImageRecord Image, string? Name) Find(string nameOrId, MetadataTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(nameOrId);
        var digits = nameOrId.StartsWith(IdPrefix, StringComparison.Ordinal) ? nameOrId[IdPrefix.Length..] : nameOrId;
        var mayBeId = digits.Length is > 0 and <= 64 && Hexadecimal.IsLower(digits);
        if (mayBeId && digits.Length == 64)
            return (metadata.Images.Get(IdPrefix + digits, transaction) ?? throw NotFound(nameOrId), null);

        var isReference = ImageReference.TryParse(nameOrId, out var reference, out var reason);
        // "sha256:abc" reads as a name with a tag too; nobody means that.
        if (mayBeId && digits.Length < nameOrId.Length && FindByPrefix(nameOrId, digits, transaction) is { } image)
            return (image, null);
        if (isReference && FindByReference(reference!, transaction) is { } found)
            return found;
        if (mayBeId && digits.Length == nameOrId.Length && FindByPrefix(nameOrId, digits, transaction) is { } other)
            return (other, null);
        throw isReference || mayBeId
            ? NotFound(nameOrId)
            : new StoreException(
                ErrorIds.ReferenceInvalid, StoreErrorKind.InvalidArgument, nameOrId,
                $"'{Printable.Escape(nameOrId)}' is neither an image's name nor its id: {reason}.",
                "Give a name such as 'alpine:3.20', an id, or the beginning of one.");
    }

    /// <summary>The image that has exactly that name.</summary>
    public ImageRecord FindByName(ImageReference reference, MetadataTransaction transaction) =>
        metadata.Images.FindByName(reference.Canonical, transaction) ?? throw NotFound(reference.Familiar);

    private (ImageRecord Image, string? Name)? FindByReference(ImageReference reference, MetadataTransaction transaction)
    {
        if (metadata.Images.FindByName(reference.Canonical, transaction) is { } image)
            return (image, reference.Canonical);
        if (reference.Digest is not { } digest)
            return null;
        // A manifest's digest together with the repository is a name too, as if the image had been pulled by it.
        foreach (var (name, id) in metadata.Images.Names(transaction))
            if (name.StartsWith(reference.Name, StringComparison.Ordinal) && name.Length > reference.Name.Length && name[reference.Name.Length] is ':' or '@'
                && metadata.Images.Get(id, transaction) is { } candidate && candidate.ManifestDigest == digest.ToString())
                return (candidate, name);
        return null;
    }

    private ImageRecord? FindByPrefix(string asked, string digits, MetadataTransaction transaction)
    {
        var found = metadata.Images.FindByIdPrefix(digits, transaction);
        return found.Count <= 1
            ? found.Count == 1 ? found[0] : null
            : throw new StoreException(
                ErrorIds.IdAmbiguous, StoreErrorKind.InvalidArgument, asked,
                $"'{asked}' is the beginning of {found.Count} images' ids: {string.Join(", ", found.Take(10).Select(image => Digest.Parse(image.Id).Short))}.",
                "Give more digits.");
    }

    private StoreException NotFound(string nameOrId) => new(
        ErrorIds.ImageNotFound, StoreErrorKind.NotFound, nameOrId,
        $"There is no image '{Printable.Escape(nameOrId)}' in the store '{Printable.Escape(root)}'.",
        "List the images (Get-ContainerImage) and give a name or an id, or import the image first.");
}
