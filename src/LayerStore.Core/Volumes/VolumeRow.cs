using LayerStore.Metadata;

namespace LayerStore.Volumes;

/// <summary>Volumes as <c>docker volume ls</c> lists them: by the database alone.</summary>
internal static class VolumeRow
{
    /// <summary>Every volume, by name.</summary>
    public static IReadOnlyList<ContainerVolume> List(StoreMetadata metadata, string root)
    {
        var (records, labels, users) = metadata.Database.Read(transaction =>
            (metadata.Volumes.List(transaction), metadata.Volumes.Labels(transaction), metadata.Volumes.Users(transaction)));
        return [.. records.Select(record => Of(record, labels[record.Name].ToDictionary(StringComparer.Ordinal), [.. users[record.Name]], root))];
    }

    /// <summary>One volume.</summary>
    public static ContainerVolume Of(VolumeRecord record, IReadOnlyDictionary<string, string> labels, IReadOnlyList<string> users, string root) => new()
    {
        Name = record.Name,
        Mountpoint = new VolumeFiles(root).Data(record.Name),
        Created = record.Created,
        Anonymous = record.Anonymous,
        Labels = labels,
        UsedBy = users,
        SizeLimit = record.SizeLimit,
        Root = root,
    };
}
