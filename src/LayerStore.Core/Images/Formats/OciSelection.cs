namespace LayerStore.Images.Formats;

/// <summary>Decides which images of a layout's index are meant, and how they are named.</summary>
/// <remarks>
/// <para>Entries with one name are one image for several platforms, and so are the members of an index within the index: the one for the platform asked for is taken,
/// or for this machine, or the only one there is. Attestations, and artifacts beside images, are passed over.</para>
/// <para>Names: <c>io.containerd.image.name</c> is a whole reference (containerd, Docker). <c>org.opencontainers.image.ref.name</c> is one where it looks like one,
/// because skopeo and podman write <c>petclinic:1.0</c> there. A bare word is only a tag (umoci, <c>skopeo … oci:petclinic:1.0</c>); the repository is then
/// the layout's own file name, as those tools write it: <c>petclinic</c> or <c>petclinic.tar</c> with the tag <c>1.0</c> is <c>petclinic:1.0</c>. Where neither
/// makes a reference, the image has no name.</para>
/// </remarks>
internal sealed class OciSelection(IBlobSource source, ImportOptions options, CancellationToken cancellation)
{
    private const int MaxNesting = 4, MaxManifests = 1000;

    private readonly Platform? _wanted = options.Platform is { } text ? Platform.Parse(text) : null;
    private int _manifests;
    private string? _passedOver;

    /// <summary>The images that the index's entries mean.</summary>
    public IReadOnlyList<OciImageEntry> Select(IReadOnlyList<Descriptor> roots)
    {
        var entries = new List<OciImageEntry>();
        foreach (var group in Group(roots))
        {
            var candidates = group.Roots.SelectMany(root => Candidates(root, 0)).DistinctBy(candidate => candidate.Digest).ToList();
            if (candidates.Count > 0)
                entries.AddRange(Choose(candidates, group.Name));
        }
        if (entries.Count == 0)
            throw ArchiveFaults.ManifestInvalid("index.json", _passedOver ?? "it lists no image");
        // One image under several names is one image.
        return [.. entries.GroupBy(entry => entry.Manifest.Digest).Select(same =>
            new OciImageEntry(same.First().Manifest, [.. same.SelectMany(entry => entry.Names).Distinct()]))];
    }

    private List<(ImageReference? Name, List<Descriptor> Roots)> Group(IReadOnlyList<Descriptor> roots)
    {
        var groups = new List<(ImageReference? Name, List<Descriptor> Roots)>();
        var unnamed = new List<Descriptor>();
        foreach (var root in roots)
        {
            var name = NameOf(root);
            if (name is null)
                unnamed.Add(root);
            else if (groups.Find(group => name.Equals(group.Name)) is { Roots: not null } group)
                group.Roots.Add(root);
            else
                groups.Add((name, [root]));
        }
        // Without names only different platforms can tell that the entries belong together.
        var images = unnamed.Where(root => !root.IsAttestation).ToList();
        if (images.Count > 1 && images.All(root => root.Platform is not null) && images.DistinctBy(root => root.Platform).Count() == images.Count)
            groups.Add((null, images));
        else
            groups.AddRange(images.Select(root => ((ImageReference?)null, new List<Descriptor> { root })));
        return groups;
    }

    private IEnumerable<Descriptor> Candidates(Descriptor root, int nesting)
    {
        cancellation.ThrowIfCancellationRequested();
        if (root.IsAttestation)
            yield break;
        if (MediaTypes.IsManifest(root.MediaType))
        {
            if (++_manifests > MaxManifests)
                throw ArchiveFaults.LimitExceeded("index.json", $"it lists more than {MaxManifests} manifests");
            yield return root;
            yield break;
        }
        if (!MediaTypes.IsIndex(root.MediaType))
        {
            _passedOver ??= $"its entry {root.Digest} has the media type '{Printable.Escape(root.MediaType)}', which is no image";
            yield break;
        }
        if (nesting == MaxNesting)
            throw ArchiveFaults.LimitExceeded("index.json", $"indexes are nested more than {MaxNesting} deep");
        var content = JsonDocuments.ReadVerified(source, root, options.MaxManifestBytes, nameof(ImportOptions.MaxManifestBytes));
        var index = JsonDocuments.Parse(content, BlobName.OfBlob(root.Digest), ArchiveFaults.ManifestInvalid);
        OciDocument.Check(index, root, "manifests", "layers");
        foreach (var child in index.Array("manifests").Select(Descriptor.Read).ToList())
            foreach (var candidate in Candidates(child, nesting + 1))
                yield return candidate;
    }

    private IEnumerable<OciImageEntry> Choose(List<Descriptor> candidates, ImageReference? name)
    {
        // An export may leave other platforms' blobs out (docker save does): what is not there cannot be chosen, unless nothing is there.
        var present = candidates.Where(candidate => Exists(candidate.Digest)).ToList();
        if (present.Count == 0)
            present = candidates;
        var images = present.Where(IsImage).ToList();
        if (images.Count == 0)
            return [];

        var platforms = images.Count == 1 && _wanted is null ? [] : images.ToDictionary(image => image.Digest, PlatformOf);
        var best = images.Count == 1 && _wanted is null ? images[0] : Best(images, image => platforms[image.Digest], _wanted);
        if (options.AllPlatforms)
        {
            // One name can mean one image: this machine's. The others keep the repository, by their digests.
            best ??= images[0];
            return images.Select(image => new OciImageEntry(image, name is null ? [] : image == best ? [name] : [name.WithDigest(image.Digest)]));
        }
        return best is not null
            ? [new OciImageEntry(best, name is null ? [] : [name])]
            : throw ArchiveFaults.PlatformNotFound(
                name?.Familiar ?? source.Path, (_wanted ?? Platform.Current).ToString(), platforms.Values.Select(platform => platform.ToString()));
    }

    /// <summary>The image for the platform that is wanted, or the one that runs best on this machine; null where there is none.</summary>
    public static Descriptor? Best(IEnumerable<Descriptor> images, Func<Descriptor, Platform> platformOf, Platform? wanted) => wanted is not null
        ? images.FirstOrDefault(image => platformOf(image) == wanted)
        : images.Select(image => (image, rank: Platform.Current.Rank(platformOf(image))))
            .Where(ranked => ranked.rank is not null)
            .OrderBy(ranked => ranked.rank)
            .Select(ranked => ranked.image)
            .FirstOrDefault();

    private bool Exists(Digest digest)
    {
        using var blob = source.TryOpen(BlobName.OfBlob(digest));
        return blob is not null;
    }

    private bool IsImage(Descriptor descriptor)
    {
        var reason = OciManifest.Read(source, descriptor, options).ReasonNoImage;
        if (reason is not null)
            _passedOver ??= $"its entry {descriptor.Digest} is no container image: {reason}";
        return reason is null;
    }

    private Platform PlatformOf(Descriptor descriptor)
    {
        if (descriptor.Platform is { } platform)
            return platform;
        var manifest = OciManifest.Read(source, descriptor, options);
        return ImageConfig.Parse(
            JsonDocuments.ReadVerified(source, manifest.Config, options.MaxConfigBytes, nameof(ImportOptions.MaxConfigBytes)),
            BlobName.OfBlob(manifest.Config.Digest)).Platform;
    }

    private ImageReference? NameOf(Descriptor root)
    {
        if (root.Annotations.TryGetValue("io.containerd.image.name", out var full) && ImageReference.TryParse(full, out var reference))
            return reference;
        if (!root.Annotations.TryGetValue("org.opencontainers.image.ref.name", out var name) || name.Length == 0)
            return null;
        if (name.AsSpan().ContainsAny('/', ':', '@'))
            return ImageReference.TryParse(name, out reference) ? reference : null;
        return ReferenceGrammar.IsTag(name) && ImageReference.TryParse($"{LayoutName()}:{name}", out reference) ? reference : null;
    }

    /// <summary>The archive's file name without the suffixes that archives have.</summary>
    private string LayoutName()
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source.Path)));
        for (var shorter = name; ; name = shorter)
        {
            shorter = Path.GetExtension(name).ToLowerInvariant() is ".tar" or ".oci" or ".gz" or ".tgz" or ".zst" or ".tzst"
                ? Path.GetFileNameWithoutExtension(name)
                : name;
            if (shorter.Length == 0 || shorter == name)
                return name;
        }
    }
}
