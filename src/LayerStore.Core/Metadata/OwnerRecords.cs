using LayerStore.Linux;

namespace LayerStore.Metadata;

/// <summary>Who acts on the store's layers and volumes at the moment.</summary>
/// <param name="Id">The owner's number.</param>
/// <param name="Process">The process.</param>
/// <param name="WaitsFor">The chain id of the layer that it waits for; null where it does not wait.</param>
internal sealed record OwnerRecord(long Id, ProcessIdentity Process, string? WaitsFor);

/// <summary>The owners, and the leases by which imports keep layers that nothing else needs yet.</summary>
internal sealed class OwnerRecords(Database database)
{
    private const string Columns = "id, pid, start_time, boot_id, pid_namespace, waits_for";

    public IReadOnlyList<OwnerRecord> List(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"SELECT {Columns} FROM owners", Read));

    public OwnerRecord? Find(long id, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"SELECT {Columns} FROM owners WHERE id = $1", Read, id));

    /// <summary>A new owner's number: random, so that it is never given twice, also where its row was rolled back.</summary>
    public static long NewId() => Random.Shared.NextInt64(1, long.MaxValue);

    /// <summary>Writes the owner down where it is not written down yet.</summary>
    public static void Ensure(MetadataTransaction transaction, long id, ProcessIdentity process) =>
        transaction.Connection.Execute(
            "INSERT OR IGNORE INTO owners(id, pid, start_time, boot_id, pid_namespace) VALUES ($1, $2, $3, $4, $5)",
            id, process.Pid, process.StartTime, process.BootId, process.PidNamespace);

    /// <summary>Takes the owner away with its leases. Layers and volumes that it still has become nobody's.</summary>
    public static void Delete(MetadataTransaction transaction, long id)
    {
        transaction.Connection.Execute("DELETE FROM leases WHERE owner = $1", id);
        transaction.Connection.Execute("UPDATE layers SET owner = NULL WHERE owner = $1", id);
        transaction.Connection.Execute("UPDATE volumes SET owner = NULL WHERE owner = $1", id);
        transaction.Connection.Execute("DELETE FROM owners WHERE id = $1", id);
    }

    public static void SetWaitsFor(MetadataTransaction transaction, long id, string? chainId) =>
        transaction.Connection.Execute("UPDATE owners SET waits_for = $2 WHERE id = $1", id, chainId);

    public static void InsertLease(MetadataTransaction transaction, LayerId layer, long owner) =>
        transaction.Connection.Execute("INSERT OR IGNORE INTO leases(layer, owner) VALUES ($1, $2)", layer.Value, owner);

    /// <summary>Ends every lease of the owner; gives the layers that it had leased.</summary>
    public static IReadOnlyList<LayerId> DeleteLeases(MetadataTransaction transaction, long owner)
    {
        var layers = transaction.Connection.Query("SELECT layer FROM leases WHERE owner = $1", row => row.Layer(0), owner);
        transaction.Connection.Execute("DELETE FROM leases WHERE owner = $1", owner);
        return layers;
    }

    private static OwnerRecord Read(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        row.GetInt64(0), new ProcessIdentity(row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetInt64(4)), row.TextOrNull(5));
}
