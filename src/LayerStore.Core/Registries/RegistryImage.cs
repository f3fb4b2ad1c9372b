using LayerStore.Images;
using LayerStore.Images.Formats;

namespace LayerStore.Registries;

/// <summary>An image of a registry or of one of its mirrors, its documents verified: what an import reads from.</summary>
internal sealed class RegistryImage : ILayerSource, IDisposable
{
    private const int MaxNesting = 4, MaxManifests = 1000;

    private readonly ImageReference _reference;
    private readonly ImportOptions _options;
    private readonly RegistryPlaces _places;
    private readonly RegistryRepository _repository;
    private readonly CancellationToken _cancellation;

    private RegistryImage(ImageReference reference, ImportOptions options, RegistryPlaces places, CancellationToken cancellation)
    {
        (_reference, _options, _places, _repository, _cancellation) = (reference, options, places, places[0], cancellation);
        Image = Load();
    }

    /// <summary>The image.</summary>
    public ArchivedImage Image { get; }

    /// <summary>Finds an image: at the mirrors in their order, then at the registry itself.</summary>
    /// <exception cref="StoreException">What the registry itself answers; why a mirror did not serve is not said.</exception>
    public static RegistryImage Open(ImageReference reference, RegistryOptions registry, ImportOptions options, CancellationToken cancellation)
    {
        var own = registry.For(reference.Domain);
        List<Func<RegistryRepository>> places =
        [
            .. own.Mirrors.Select(mirror => (Func<RegistryRepository>)(() => Mirror(mirror, reference, registry))),
            () => new RegistryRepository(new RegistryConnection(RegistryHost.Of(reference.Domain), own), reference.Path),
        ];
        for (var first = 0; ; first++)
        {
            // What a mirror turns out not to have, the places behind it are asked for.
            var rest = new RegistryPlaces(places[first..]);
            try
            {
                return new RegistryImage(reference, options, rest, cancellation);
            }
            catch (StoreException error) when (first < places.Count - 1 && (RegistryPlaces.CannotServe(error) || error.ErrorId == ErrorIds.RegistryManifestUnknown))
            {
                // A mirror that cannot serve is passed over; one that is wrong (TLS, digests) is an error.
                rest.Dispose();
            }
            catch
            {
                rest.Dispose();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public long Measure(ArchivedLayer layer) => layer.Size!.Value;

    /// <inheritdoc/>
    public Stream OpenLayer(ArchivedLayer layer, CancellationToken cancellation) => new RegistryBlobStream(_places, layer.Digest!.Value, layer.Size!.Value, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private static RegistryRepository Mirror(string mirror, ImageReference reference, RegistryOptions registry)
    {
        var place = mirror.Contains("://", StringComparison.Ordinal) ? mirror[(mirror.IndexOf("://", StringComparison.Ordinal) + 3)..] : mirror;
        place = place.TrimEnd('/');
        // Read as a reference, which knows what a host and a path are.
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var (domain, prefix) = slash < 0 ? (place, "") : (place[..slash], place[(slash + 1)..] + "/");
        if (ReferenceGrammar.FaultOfDomain(domain) is { } fault || (prefix.Length > 0 && (fault = ReferenceGrammar.FaultOfPath(prefix.TrimEnd('/'))) is not null))
            throw new StoreException(
                ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, mirror, $"'{Printable.Escape(mirror)}' is no mirror: {fault}.",
                "Write it as host[:port][/prefix], for example 'mirror.example.com' or 'mirror.example.com:5000/hub'.");
        // The caller's credential is the registry's; a mirror's own is in the files. Who writes http:// means it.
        var options = registry.For(domain) with { Credential = null };
        if (mirror.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            options = options with { AllowInsecure = true };
        return new RegistryRepository(new RegistryConnection(RegistryHost.Of(domain), options), prefix + reference.Path);
    }

    private ArchivedImage Load()
    {
        var (descriptor, content) = _repository.GetManifest(
            _reference.Digest?.ToString() ?? _reference.Tag!, _options.MaxManifestBytes, _cancellation);
        var root = descriptor;
        var json = Parse(ref descriptor, content);
        if (IsIndex(descriptor, json))
            (descriptor, content) = Choose(descriptor, json);
        else
            RefuseOther(descriptor);
        var manifest = OciManifest.Parse(content, descriptor);
        if (manifest.ReasonNoImage is { } reason)
            throw ArchiveFaults.ManifestInvalid(_reference.Familiar, "it is no container image: " + reason);
        manifest.CheckLayers();
        var config = _repository.GetBlob(manifest.Config, _options.MaxConfigBytes, nameof(ImportOptions.MaxConfigBytes), _cancellation);
        var image = manifest.ToImage(config, NamesFor(root.Digest)) with { IndexDigest = root.Digest };
        // Only an index was searched for the platform so far.
        return root != descriptor || _options.Platform is not { } wanted || Platform.Parse(wanted) == image.Config.Platform
            ? image
            : throw ArchiveFaults.PlatformNotFound(_reference.Familiar, wanted, [image.Config.Platform.ToString()]);
    }

    /// <summary>As docker: by a tag it is known by that and by the digest that the tag meant, by a digest by that alone.</summary>
    private IReadOnlyList<ImageReference> NamesFor(Digest digest) => _options.References.Count > 0
        ? [.. _options.References.Select(ImageReference.Parse)]
        : _reference.Digest is null ? [_reference, _reference.WithDigest(digest)] : [_reference];

    private (Descriptor, byte[]) Choose(Descriptor index, JsonPart json)
    {
        var candidates = new List<Descriptor>();
        Collect(index, json, candidates, 0);
        var wanted = _options.Platform is { } text ? Platform.Parse(text) : null;
        var known = candidates.Where(candidate => candidate.Platform is not null).ToList();
        var best = OciSelection.Best(known, candidate => candidate.Platform!, wanted);
        // Only where the index itself does not say, each image has to be asked; one alone is meant whatever it is for.
        if (best is null && known.Count < candidates.Count)
            best = candidates.Count == 1 && wanted is null
                ? candidates[0]
                : OciSelection.Best(candidates, candidate => candidate.Platform ?? PlatformOf(candidate), wanted);
        if (best is null)
            throw ArchiveFaults.PlatformNotFound(
                _reference.Familiar, (wanted ?? Platform.Current).ToString(), known.Select(candidate => candidate.Platform!.ToString()));
        return Get(best);
    }

    private void Collect(Descriptor index, JsonPart json, List<Descriptor> candidates, int nesting)
    {
        OciDocument.Check(json, index, "manifests", "layers");
        if (nesting == MaxNesting)
            throw ArchiveFaults.LimitExceeded(_reference.Familiar, $"indexes are nested more than {MaxNesting} deep");
        foreach (var entry in json.Array("manifests").Select(Descriptor.Read))
        {
            if (candidates.Count == MaxManifests)
                throw ArchiveFaults.LimitExceeded(_reference.Familiar, $"it lists more than {MaxManifests} manifests");
            if (entry.IsAttestation)
                continue;
            if (MediaTypes.IsManifest(entry.MediaType))
                candidates.Add(entry);
            else if (MediaTypes.IsIndex(entry.MediaType))
            {
                var (nested, content) = Get(entry);
                Collect(nested, Parse(ref nested, content), candidates, nesting + 1);
            }
        }
    }

    private Platform PlatformOf(Descriptor candidate)
    {
        var (descriptor, content) = Get(candidate);
        var config = OciManifest.Parse(content, descriptor).Config;
        return ImageConfig.Parse(_repository.GetBlob(config, _options.MaxConfigBytes, nameof(ImportOptions.MaxConfigBytes), _cancellation), config.Digest.ToString()).Platform;
    }

    private (Descriptor Descriptor, byte[] Content) Get(Descriptor descriptor)
    {
        var (found, content) = _repository.GetManifest(descriptor.Digest.ToString(), _options.MaxManifestBytes, _cancellation);
        return found.Size == descriptor.Size
            ? (descriptor, content)
            : throw ArchiveFaults.SizeMismatch(descriptor.Digest.ToString(), descriptor.Size, found.Size);
    }

    /// <summary>Where the answer's type says nothing, the document's own does.</summary>
    private JsonPart Parse(ref Descriptor descriptor, byte[] content)
    {
        var json = JsonDocuments.Parse(content, _reference.Familiar, ArchiveFaults.ManifestInvalid);
        if (!json.IsObject)
            throw json.Fault("it is not a JSON object");
        if (json.Number("schemaVersion") is 1 || json.Has("fsLayers"))
            throw json.Fault("it is a manifest of Docker's schema 1, which is too old to be pulled");
        if (!MediaTypes.IsIndex(descriptor.MediaType) && !MediaTypes.IsManifest(descriptor.MediaType) && json.Text("mediaType") is { Length: > 0 } own)
            descriptor = descriptor with { MediaType = own };
        return json;
    }

    private static bool IsIndex(Descriptor descriptor, JsonPart json) =>
        MediaTypes.IsIndex(descriptor.MediaType) || (!MediaTypes.IsManifest(descriptor.MediaType) && json.Has("manifests"));

    private void RefuseOther(Descriptor descriptor)
    {
        if (!MediaTypes.IsManifest(descriptor.MediaType))
            throw ArchiveFaults.ManifestInvalid(_reference.Familiar, $"its media type '{Printable.Escape(descriptor.MediaType)}' is no image's");
    }
}
