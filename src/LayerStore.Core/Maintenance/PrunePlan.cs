using LayerStore.Images;
using LayerStore.Images.Formats;
using LayerStore.Metadata;

namespace LayerStore.Maintenance;

/// <summary>Finds out what is not in use: containers first, since images and volumes may be unused without them, then images, then standalone layers, then volumes.</summary>
internal sealed class PrunePlan
{
    private readonly PruneOptions _options;
    private readonly StoreContents _contents;
    private readonly List<Candidate> _candidates = [];
    private readonly ILookup<string, string> _names;
    private readonly Dictionary<string, IReadOnlyList<string>> _usersOf = new(StringComparer.Ordinal);

    private PrunePlan(PruneOptions options, StoreContents contents, ILookup<string, string> names) => (_options, _contents, _names) = (options, contents, names);

    /// <summary>What is to go, in the order in which it can.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="contents">The store.</param>
    /// <param name="names">The images' names.</param>
    /// <param name="idle">The containers that are not mounted, with their labels.</param>
    /// <param name="measure">Measures containers, and tells of those that cannot be measured.</param>
    /// <param name="volumes">The volumes that may be asked for.</param>
    /// <param name="measureVolume">Measures one of them, in bytes.</param>
    public static IReadOnlyList<UnusedItem> Make(
        PruneOptions options, StoreContents contents, ILookup<string, string> names, IReadOnlyList<Container> idle, Func<IReadOnlyList<Container>, Action<Container, StoreException>, IEnumerable<ContainerSize>> measure,
        IReadOnlyList<ContainerVolume> volumes, Func<string, long> measureVolume)
    {
        var plan = new PrunePlan(options, contents, names);
        if (options.Kinds.Contains(StorageKind.Container))
            plan.AddContainers([.. idle.Where(container => plan.IsOld(container.Created) && plan.HasLabels(container.Labels))], measure);
        if (options.Kinds.Contains(StorageKind.Image))
            plan.AddImages();
        if (options.Kinds.Contains(StorageKind.Layer) && options.Labels.Count == 0)
            plan.AddLayers();
        plan.AddVolumes(volumes, measureVolume);
        if (options.KeepBytes is { } bytes)
            plan.Keep(bytes);
        return plan.Items();
    }

    private void AddContainers(IReadOnlyList<Container> containers, Func<IReadOnlyList<Container>, Action<Container, StoreException>, IEnumerable<ContainerSize>> measure)
    {
        var made = containers.ToDictionary(container => container.Id, container => container, StringComparer.Ordinal);
        // One whose layers somebody deleted can go as well: what becomes free of it is only not known.
        foreach (var size in measure(containers, (container, _) => Add(container, 0)))
            Add(made[size.Id], size.SizeRw);

        void Add(Container container, long bytes) =>
            _candidates.Add(new Candidate(StorageKind.Container, container.Id, container.Name, container.Created, null, bytes, container.ImageId));
    }

    private void AddImages()
    {
        var going = _candidates.CountBy(candidate => candidate.ImageId).ToDictionary(StringComparer.Ordinal!);
        foreach (var image in _contents.Images)
        {
            var isFree = _contents.ContainersOf.GetValueOrDefault(image.Id) == going.GetValueOrDefault(image.Id);
            if (!isFree || (!_options.All && _names[image.Id].Any()) || !IsOld(image.Imported) || !IsOld(image.Created) || !HasLabels(ImageConfig.Parse(image.Config, image.Id).Labels))
                continue;
            var shown = ImageRow.Shown(_names[image.Id]);
            var name = shown.Count > 0 ? shown[0].Familiar : Digest.Parse(image.Id).Short;
            _candidates.Add(new Candidate(StorageKind.Image, image.Id, name, image.Imported, image.TopLayer, 0, ImageId: ""));
        }
    }

    private void AddLayers()
    {
        var old = _contents.Kept.Where(layer => IsOld(layer.Created)).Select(layer => layer.Id).ToHashSet();
        var going = Ids(StorageKind.Image);
        // What an image needs that stays, or a standalone layer that stays.
        var needed = _contents.LayersOf(_contents.Images.Where(image => !going.Contains(image.Id)));
        needed.UnionWith(_contents.Kept.Where(layer => !old.Contains(layer.Id)).SelectMany(layer => _contents.ChainOf(layer.Id)));
        foreach (var layer in _contents.Kept.Where(layer => !needed.Contains(layer)))
            _candidates.Add(new Candidate(StorageKind.Layer, layer.Id.Value, layer.Id.Value[..12], layer.Created, layer.Id, 0, ImageId: ""));
    }

    private void AddVolumes(IReadOnlyList<ContainerVolume> volumes, Func<string, long> measure)
    {
        var going = _candidates.Where(candidate => candidate.Kind == StorageKind.Container).Select(candidate => candidate.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var volume in volumes.Where(volume => (_options.All || volume.Anonymous) && volume.UsedBy.All(going.Contains) && IsOld(volume.Created) && HasLabels(volume.Labels)))
        {
            _usersOf[volume.Name] = volume.UsedBy;
            _candidates.Add(new Candidate(StorageKind.Volume, volume.Name, volume.Name, volume.Created, null, measure(volume.Name), ImageId: ""));
        }
    }

    /// <summary>Takes the youngest out of the plan, as many as have room, and then what these need.</summary>
    private void Keep(long bytes)
    {
        var stays = Staying();
        foreach (var candidate in _candidates.OrderByDescending(candidate => candidate.Time).ToList())
        {
            var chain = _contents.ChainOf(candidate.Top ?? TopOf(candidate.ImageId)).Where(layer => !stays.Contains(layer)).ToList();
            bytes -= candidate.OwnBytes + chain.Sum(layer => layer.Usage.Bytes);
            if (bytes < 0)
                break;
            stays.UnionWith(chain);
            _candidates.Remove(candidate);
        }
        var going = Ids(StorageKind.Container);
        var used = _contents.Containers.Where(container => !going.Contains(container.Id)).Select(container => container.ImageId).ToHashSet(StringComparer.Ordinal);
        _candidates.RemoveAll(candidate => candidate.Kind == StorageKind.Image && used.Contains(candidate.Id));
        var goingNames = _candidates.Where(candidate => candidate.Kind == StorageKind.Container).Select(candidate => candidate.Name).ToHashSet(StringComparer.Ordinal);
        _candidates.RemoveAll(candidate => candidate.Kind == StorageKind.Volume && !_usersOf[candidate.Id].All(goingNames.Contains));
        stays = Staying();
        _candidates.RemoveAll(candidate => candidate.Kind == StorageKind.Layer && stays.Any(layer => layer.Id == candidate.Top));
    }

    /// <summary>In the order in which they can go, each with what becomes free then.</summary>
    private List<UnusedItem> Items()
    {
        var needs = new Dictionary<LayerId, int>();
        foreach (var top in _contents.Images.Select(image => image.TopLayer).Concat(_contents.Kept.Select(layer => (LayerId?)layer.Id)))
            foreach (var layer in _contents.ChainOf(top))
                needs[layer.Id] = needs.GetValueOrDefault(layer.Id) + 1;
        var items = new List<UnusedItem>(_candidates.Count);
        foreach (var candidate in _candidates.OrderBy(Order).ThenByDescending(Depth).ThenBy(candidate => candidate.Time))
        {
            var free = candidate.OwnBytes + _contents.ChainOf(candidate.Top).Where(layer => --needs[layer.Id] == 0).Sum(layer => layer.Usage.Bytes);
            items.Add(new UnusedItem(candidate.Kind, candidate.Id, candidate.Name, free));
        }
        return items;

        static int Order(Candidate candidate) => candidate.Kind switch { StorageKind.Container => 0, StorageKind.Image => 1, StorageKind.Layer => 2, _ => 3 };
        int Depth(Candidate candidate) => candidate.Kind == StorageKind.Layer ? _contents.ChainOf(candidate.Top).Count() : 0;
    }

    /// <summary>The layers that images and standalone layers need that are not in the plan.</summary>
    private HashSet<LayerRecord> Staying()
    {
        var going = _candidates.Select(candidate => candidate.Id).ToHashSet(StringComparer.Ordinal);
        var needed = _contents.LayersOf(_contents.Images.Where(image => !going.Contains(image.Id)));
        needed.UnionWith(_contents.Kept.Where(layer => !going.Contains(layer.Id.Value)).SelectMany(layer => _contents.ChainOf(layer.Id)));
        return needed;
    }

    private LayerId? TopOf(string imageId) => _contents.Images.FirstOrDefault(image => image.Id == imageId)?.TopLayer;

    private HashSet<string> Ids(StorageKind kind) => _candidates.Where(candidate => candidate.Kind == kind).Select(candidate => candidate.Id).ToHashSet(StringComparer.Ordinal);

    private bool IsOld(DateTime? time) => _options.Before is not { } before || time is null || time < before;

    private bool HasLabels(IReadOnlyDictionary<string, string> labels) =>
        _options.Labels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && (wanted.Value is null || wanted.Value == value));

    /// <summary>Something that may go.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Time">Since when the store has it.</param>
    /// <param name="Top">The uppermost layer that it needs for itself; null for a container.</param>
    /// <param name="OwnBytes">Bytes that nothing else can need: a container's layer, a volume.</param>
    /// <param name="ImageId">A container's image; else empty.</param>
    private sealed record Candidate(StorageKind Kind, string Id, string Name, DateTime Time, LayerId? Top, long OwnBytes, string ImageId);
}
