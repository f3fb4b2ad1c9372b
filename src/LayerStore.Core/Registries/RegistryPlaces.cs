namespace LayerStore.Registries;

/// <summary>Where an image's blobs may be had, in order: a mirror, further mirrors, the registry itself. A place is connected to when it is first needed.</summary>
internal sealed class RegistryPlaces(IReadOnlyList<Func<RegistryRepository>> places) : IDisposable
{
    private readonly Lazy<RegistryRepository>[] _places = [.. places.Select(place => new Lazy<RegistryRepository>(place))];

    /// <summary>How many there are.</summary>
    public int Count => _places.Length;

    /// <summary>A place's repository.</summary>
    public RegistryRepository this[int index] => _places[index].Value;

    /// <summary>True where another place may have what this one did not give. Bytes with another digest are not among it: whoever gives those is wrong, and the user should know.</summary>
    public static bool CannotServe(StoreException error) => error.ErrorId is ErrorIds.RegistryUnreachable or ErrorIds.RegistryBlobUnknown
        or ErrorIds.RegistryUnauthorized or ErrorIds.RegistryDenied or ErrorIds.RegistryBusy;

    public void Dispose()
    {
        foreach (var place in _places.Where(place => place.IsValueCreated))
            place.Value.Dispose();
    }
}
