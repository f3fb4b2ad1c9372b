using LayerStore.Metadata;

namespace LayerStore.Containers;

/// <summary>Finds containers by what users type.</summary>
internal sealed class ContainerLookup(string root, ContainerRecords records)
{
    /// <summary>The container with that name, full id, or unique beginning of an id; in this order, as Docker looks.</summary>
    public ContainerRecord Find(string nameOrId, MetadataTransaction? transaction = null)
    {
        ArgumentNullException.ThrowIfNull(nameOrId);
        if (nameOrId.Length == 64 && records.FindById(nameOrId, transaction) is { } exact)
            return exact;
        if (records.FindByName(nameOrId, transaction) is { } named)
            return named;
        if (nameOrId.Length is 0 or > 64 || !Hexadecimal.IsLower(nameOrId))
            throw NotFound(nameOrId);
        var found = records.FindByIdPrefix(nameOrId, transaction);
        return found.Count switch
        {
            0 => throw NotFound(nameOrId),
            1 => found[0],
            _ => throw new StoreException(ErrorIds.IdAmbiguous, StoreErrorKind.InvalidArgument, nameOrId,
                $"'{nameOrId}' is the beginning of {found.Count} containers' ids: {string.Join(", ", found.Take(10).Select(container => $"{container.Id[..12]} ({container.Name})"))}{(found.Count > 10 ? " …" : "")}.",
                "Give more digits, or the name."),
        };
    }

    /// <summary>The error for a container that is not there.</summary>
    public StoreException NotFound(string nameOrId) => new(
        ErrorIds.ContainerNotFound, StoreErrorKind.NotFound, nameOrId,
        $"There is no container '{Printable.Escape(nameOrId)}' in the store '{Printable.Escape(root)}'.",
        "List the containers (Get-Container) and give a name, an id or the beginning of an id.");
}
