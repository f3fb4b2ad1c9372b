using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>The containers, their labels and mounts in the database.</summary>
internal sealed class ContainerRecords(Database database)
{
    private const string Select =
        """
        SELECT containers.id, containers.name, image_name, image, command, containers.created, layer,
            mounts.path, mounts.kind, mounts.read_only, mounts.own_directory, mounts.count, mounts.boot_id,
            ifnull(images.size, 0), images.top_layer, containers.size_limit
        FROM containers LEFT JOIN mounts ON mounts.container = containers.id LEFT JOIN images ON images.id = containers.image
        """;

    /// <summary>Every container, newest first.</summary>
    public IReadOnlyList<ContainerRecord> List(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"{Select} ORDER BY containers.created DESC, containers.rowid DESC", Read));

    /// <summary>Every container with a mount written down.</summary>
    public IReadOnlyList<ContainerRecord> ListMounted(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"{Select} WHERE mounts.path IS NOT NULL ORDER BY containers.name", Read));

    public ContainerRecord? FindById(string id, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"{Select} WHERE containers.id = $1", Read, id));

    public ContainerRecord? FindByName(string name, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"{Select} WHERE containers.name = $1", Read, name));

    /// <summary>The containers whose id begins with these digits.</summary>
    public IReadOnlyList<ContainerRecord> FindByIdPrefix(string digits, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"{Select} WHERE containers.id >= $1 AND containers.id < $2 ORDER BY containers.id", Read, digits, Rows.PrefixEnd(digits)));

    /// <summary>The labels of every container.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Labels(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT container, name, value FROM container_labels", row => (Container: row.GetString(0), Name: row.GetString(1), Value: row.GetString(2)))
            .GroupBy(label => label.Container)
            .ToDictionary(
                group => group.Key,
                IReadOnlyDictionary<string, string> (group) => group.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal)));

    /// <summary>The labels of one container.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(string id, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT name, value FROM container_labels WHERE container = $1", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), id)
            .ToDictionary(StringComparer.Ordinal));

    public int Count(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        (int)connection.Number("SELECT count(*) FROM containers"));

    public static bool NameExists(MetadataTransaction transaction, string name) =>
        transaction.Connection.Number("SELECT count(*) FROM containers WHERE name = $1", name) != 0;

    public static void Insert(MetadataTransaction transaction, ContainerRecord container, IReadOnlyDictionary<string, string> labels)
    {
        transaction.Connection.Execute(
            "INSERT INTO containers(id, name, image_name, image, command, created, layer, size_limit) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            container.Id, container.Name, container.ImageName, container.ImageId, container.Command, Rows.Ticks(container.Created), container.Layer.Value,
            container.SizeLimit);
        foreach (var (name, value) in labels)
            transaction.Connection.Execute("INSERT INTO container_labels(container, name, value) VALUES ($1, $2, $3)", container.Id, name, value);
    }

    public static bool Rename(MetadataTransaction transaction, string id, string name) =>
        transaction.Connection.Execute("UPDATE containers SET name = $2 WHERE id = $1", id, name) == 1;

    /// <summary>Deletes a container with its labels and its mount; its layer is the caller's to remove. False where it is gone already.</summary>
    public static bool Delete(MetadataTransaction transaction, string id) =>
        transaction.Connection.Execute("DELETE FROM containers WHERE id = $1", id) == 1;

    /// <summary>As <see cref="Delete"/>, by the container's layer.</summary>
    public static void DeleteByLayer(MetadataTransaction transaction, LayerId layer) =>
        transaction.Connection.Execute("DELETE FROM containers WHERE layer = $1", layer.Value);

    /// <summary>Writes a mount down, in the place of one that was there.</summary>
    public static void SetMount(MetadataTransaction transaction, string id, MountRecord mount) =>
        transaction.Connection.Execute(
            "INSERT OR REPLACE INTO mounts(container, path, kind, read_only, own_directory, count, boot_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            id, mount.Path, (int)mount.Kind, mount.ReadOnly ? 1 : 0, mount.OwnDirectory ? 1 : 0, mount.Count, mount.BootId);

    public static void DeleteMount(MetadataTransaction transaction, string id) =>
        transaction.Connection.Execute("DELETE FROM mounts WHERE container = $1", id);

    /// <summary>A mount, whose columns begin at that one.</summary>
    internal static MountRecord ReadMount(SqliteDataReader row, int first) => new(
        row.GetString(first), (MountKind)row.GetInt32(first + 1), row.GetInt32(first + 2) != 0, row.GetInt32(first + 3) != 0, row.GetInt32(first + 4), row.GetString(first + 5));

    private static ContainerRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        ImageName = row.GetString(2),
        ImageId = row.TextOrNull(3),
        Command = row.GetString(4),
        Created = row.Time(5),
        Layer = row.Layer(6),
        Mount = row.IsDBNull(7)
            ? null
            : ReadMount(row, 7),
        ImageSize = row.GetInt64(13),
        Parent = row.LayerOrNull(14),
        SizeLimit = row.NumberOrNull(15),
    };
}
