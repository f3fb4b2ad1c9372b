using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>What containers have at paths of their own, in the database.</summary>
internal sealed class ContainerMountRecords(Database database)
{
    private const string Columns = "path, volume, source, read_only, copies, anonymous";

    /// <summary>Those of every container, by its id; sorted by path.</summary>
    public ILookup<string, ContainerMountRecord> List(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"SELECT {Columns}, container FROM container_mounts ORDER BY path", row => (Container: row.GetString(6), Mount: Read(row)))
            .ToLookup(mount => mount.Container, mount => mount.Mount, StringComparer.Ordinal));

    /// <summary>Those of one container, sorted by path.</summary>
    public IReadOnlyList<ContainerMountRecord> Of(string container, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"SELECT {Columns} FROM container_mounts WHERE container = $1 ORDER BY path", Read, container));

    public static void Insert(MetadataTransaction transaction, string container, ContainerMountRecord mount) => transaction.Connection.Execute(
        $"INSERT INTO container_mounts(container, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        container, mount.Path, mount.Volume, mount.Source, mount.ReadOnly ? 1 : 0, mount.Copies ? 1 : 0, mount.Anonymous ? 1 : 0);

    private static ContainerMountRecord Read(SqliteDataReader row) =>
        new(row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.GetInt32(3) != 0, row.GetInt32(4) != 0, row.GetInt32(5) != 0);
}
