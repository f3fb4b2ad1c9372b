using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Containers;

/// <summary>Containers as <c>docker ps</c> lists them: by the database and the kernel's mounts alone.</summary>
internal static class ContainerRow
{
    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    /// <summary>Every container, newest first.</summary>
    public static IReadOnlyList<Container> List(StoreMetadata metadata, string root, IMounts mounts)
    {
        var (records, labels, inner) = metadata.Database.Read(transaction =>
            (metadata.Containers.List(transaction), metadata.Containers.Labels(transaction), metadata.ContainerMounts.List(transaction)));
        return [.. records.Select(record => Of(record, labels.GetValueOrDefault(record.Id) ?? NoLabels, inner[record.Id], root, mounts))];
    }

    /// <summary>One container.</summary>
    public static Container Of(ContainerRecord record, IReadOnlyDictionary<string, string> labels, IEnumerable<ContainerMountRecord> inner, string root, IMounts mounts)
    {
        var mount = ContainerMounting.Live(record, mounts);
        return new Container
        {
            Id = record.Id,
            Name = record.Name,
            Image = record.ImageName,
            ImageId = record.ImageId ?? "",
            Command = record.Command,
            Created = record.Created,
            State = mount is null ? "Created" : "Mounted",
            MountPath = mount?.Path,
            MountCount = mount?.Count ?? 0,
            LayerId = record.Layer.Value,
            Mounts =
            [
                .. inner.Select(inside => new ContainerMountPoint
                {
                    Type = inside.Volume is null ? "bind" : "volume",
                    VolumeName = inside.Volume ?? "",
                    Source = inside.Source ?? new VolumeFiles(root).Data(inside.Volume!),
                    Destination = inside.Path,
                    ReadOnly = inside.ReadOnly,
                    Root = root,
                }),
            ],
            Labels = labels,
            SizeLimit = record.SizeLimit,
            Root = root,
        };
    }
}
