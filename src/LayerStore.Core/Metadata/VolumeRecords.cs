using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>The volumes and their labels in the database.</summary>
internal sealed class VolumeRecords(Database database)
{
    private const string Select = "SELECT name, state, anonymous, created, size_limit, owner FROM volumes";

    /// <summary>Every volume that users see, by name.</summary>
    public IReadOnlyList<VolumeRecord> List(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"{Select} WHERE state IN (1, 3) ORDER BY name", Read));

    /// <summary>The volume of that name, whatever state it is in.</summary>
    public VolumeRecord? Find(string name, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"{Select} WHERE name = $1", Read, name));

    /// <summary>Volumes that somebody began to make, fill or remove who did not come to the end of it.</summary>
    public IReadOnlyList<VolumeRecord> ListUnsettledOfNobody() => database.Run(null, connection =>
        connection.Query($"{Select} WHERE state <> 1 AND owner IS NULL ORDER BY name", Read));

    /// <summary>The labels of every volume.</summary>
    public ILookup<string, KeyValuePair<string, string>> Labels(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT volume, name, value FROM volume_labels", row => (Volume: row.GetString(0), Label: KeyValuePair.Create(row.GetString(1), row.GetString(2))))
            .ToLookup(label => label.Volume, label => label.Label, StringComparer.Ordinal));

    /// <summary>The labels of one volume.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(string name, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT name, value FROM volume_labels WHERE volume = $1", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), name)
            .ToDictionary(StringComparer.Ordinal));

    /// <summary>The names of the containers that have each volume, sorted.</summary>
    public ILookup<string, string> Users(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query(
                "SELECT DISTINCT volume, containers.name FROM container_mounts JOIN containers ON containers.id = container WHERE volume IS NOT NULL ORDER BY containers.name",
                row => (Volume: row.GetString(0), Container: row.GetString(1)))
            .ToLookup(user => user.Volume, user => user.Container, StringComparer.Ordinal));

    /// <summary>The containers that have one volume, sorted by name.</summary>
    public IReadOnlyList<VolumeUser> UsersOf(string name, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query(
            """
            SELECT DISTINCT containers.name, mounts.path, mounts.kind, mounts.read_only, mounts.own_directory, mounts.count, mounts.boot_id
            FROM container_mounts JOIN containers ON containers.id = container_mounts.container LEFT JOIN mounts ON mounts.container = containers.id
            WHERE volume = $1 ORDER BY containers.name
            """,
            row => new VolumeUser(row.GetString(0), row.IsDBNull(1) ? null : ContainerRecords.ReadMount(row, 1)), name));

    public static void Insert(MetadataTransaction transaction, VolumeRecord volume, IReadOnlyDictionary<string, string> labels)
    {
        transaction.Connection.Execute(
            "INSERT INTO volumes(name, state, anonymous, created, size_limit, owner) VALUES ($1, $2, $3, $4, $5, $6)",
            volume.Name, (int)volume.State, volume.Anonymous ? 1 : 0, Rows.Ticks(volume.Created), volume.SizeLimit, volume.Owner);
        foreach (var (name, value) in labels)
            transaction.Connection.Execute("INSERT INTO volume_labels(volume, name, value) VALUES ($1, $2, $3)", volume.Name, name, value);
    }

    public static void SetState(MetadataTransaction transaction, string name, VolumeState state, long? owner) =>
        transaction.Connection.Execute("UPDATE volumes SET state = $2, owner = $3 WHERE name = $1", name, (int)state, owner);

    public static void Delete(MetadataTransaction transaction, string name) =>
        transaction.Connection.Execute("DELETE FROM volumes WHERE name = $1", name);

    private static VolumeRecord Read(SqliteDataReader row) => new()
    {
        Name = row.GetString(0),
        State = (VolumeState)row.GetInt32(1),
        Anonymous = row.GetInt32(2) != 0,
        Created = row.Time(3),
        SizeLimit = row.NumberOrNull(4),
        Owner = row.NumberOrNull(5),
    };
}
