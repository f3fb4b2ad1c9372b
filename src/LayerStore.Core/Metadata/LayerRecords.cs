using LayerStore.Drivers;
using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>The layers in the database.</summary>
internal sealed class LayerRecords(Database database)
{
    private const string Columns =
        "id, purpose, state, parent, chain_id, diff_id, size, inodes, allocated, archive_bytes, depth, opaque_root, created, owner, kept";

    // Every kernel has long written out by then what was done to a file system.
    private static readonly TimeSpan s_flushed = TimeSpan.FromHours(1);

    /// <summary>Every layer of images that is committed, parents before children.</summary>
    public IReadOnlyList<LayerRecord> ListImageLayers(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"SELECT {Columns} FROM layers WHERE purpose = 0 AND state = 1 ORDER BY depth, created, id", Read));

    public LayerRecord? Find(LayerId id, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"SELECT {Columns} FROM layers WHERE id = $1", Read, id.Value));

    /// <summary>The layer of that chain id that is prepared or committed; one a chain id.</summary>
    public LayerRecord? FindByChain(Digest chainId, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"SELECT {Columns} FROM layers WHERE chain_id = $1 AND purpose = 0 AND state <> 2", Read, chainId.ToString()));

    /// <summary>What an import is laying in the place of a committed layer that lost its files: it stands on that one, and has no chain id as long as it is made.</summary>
    public LayerRecord? FindSuccessor(LayerId lost, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"SELECT {Columns} FROM layers WHERE parent = $1 AND purpose = 0 AND state = 0 AND chain_id IS NULL", Read, lost.Value));

    /// <summary>The committed layers of images whose id begins with these digits.</summary>
    public IReadOnlyList<LayerRecord> FindByIdPrefix(string digits, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query(
            $"SELECT {Columns} FROM layers WHERE id >= $1 AND id < $2 AND purpose = 0 AND state = 1", Read, digits, Rows.PrefixEnd(digits)));

    /// <summary>Every id in the table, whatever state it is in.</summary>
    public HashSet<LayerId> AllIds(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT id FROM layers", row => row.Layer(0)).ToHashSet());

    /// <summary>Layers of that owner, or of nobody, in that state; children before parents.</summary>
    public IReadOnlyList<LayerRecord> ListUnsettled(LayerState state, long? owner, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query(
            $"SELECT {Columns} FROM layers WHERE state = $1 AND state <> 1 AND owner IS $2 ORDER BY purpose DESC, depth DESC", Read, (int)state, owner));

    /// <summary>True where a layer is being made or removed by nobody any more.</summary>
    public bool HasUnsettledOfNobody() => database.Run(null, connection =>
        connection.Number("SELECT EXISTS(SELECT 1 FROM layers WHERE state <> 1 AND owner IS NULL)") != 0);

    /// <summary>How many layers nobody is removing although they are to go.</summary>
    public int CountRemoving() => database.Run(null, connection =>
        (int)connection.Number("SELECT count(*) FROM layers WHERE state = 2 AND owner IS NULL"));

    /// <summary>True where a row, in whatever state, stands on this one.</summary>
    public bool HasChildren(LayerId id) => database.Run(null, connection =>
        connection.Number("SELECT EXISTS(SELECT 1 FROM layers WHERE parent = $1)", id.Value) != 0);

    /// <summary>The chain from this layer down to the lowest, nearest first; the layer itself is the first.</summary>
    public IReadOnlyList<LayerRecord> Chain(LayerId top, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query(
            $"""
            WITH RECURSIVE chain(layer, step) AS (
                SELECT $1, 0 UNION ALL SELECT layers.parent, step + 1 FROM chain JOIN layers ON layers.id = chain.layer WHERE layers.parent IS NOT NULL)
            SELECT {Columns} FROM chain JOIN layers ON layers.id = chain.layer ORDER BY step
            """,
            Read, top.Value));

    public static void InsertPreparing(
        MetadataTransaction transaction, LayerId id, LayerPurpose purpose, LayerId? parent, Digest chainId, Digest diffId, int depth, long owner) =>
        transaction.Connection.Execute(
            "INSERT INTO layers(id, purpose, state, parent, chain_id, diff_id, depth, created, owner) VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8)",
            id.Value, (int)purpose, parent?.Value, chainId.IsEmpty ? null : chainId.ToString(), diffId.IsEmpty ? null : diffId.ToString(),
            depth, DateTime.UtcNow.Ticks, owner);

    /// <summary>Writes down what extracting found out.</summary>
    public static void Update(MetadataTransaction transaction, LayerRecord layer) =>
        transaction.Connection.Execute(
            "UPDATE layers SET parent = $2, size = $3, inodes = $4, allocated = $5, archive_bytes = $6, depth = $7, opaque_root = $8 WHERE id = $1",
            layer.Id.Value, layer.Parent?.Value, layer.Usage.Bytes, layer.Usage.Inodes, layer.Usage.AllocatedBytes, layer.ArchiveBytes, layer.Depth,
            layer.OpaqueRoot ? 1 : 0);

    /// <summary>Says what a layer is whose archive was unknown when it was begun.</summary>
    public static void SetDigests(MetadataTransaction transaction, LayerId id, Digest chainId, Digest diffId) =>
        transaction.Connection.Execute("UPDATE layers SET chain_id = $2, diff_id = $3 WHERE id = $1", id.Value, chainId.ToString(), diffId.ToString());

    /// <summary>Makes a container's layer an image's, committed; what is left to be done to it is that owner's.</summary>
    public static void TakeOver(MetadataTransaction transaction, LayerId id, long owner) =>
        transaction.Connection.Execute("UPDATE layers SET purpose = 0, state = 1, taken_over = 1, owner = $2 WHERE id = $1", id.Value, owner);

    /// <summary>Nothing is left to be done to a layer that was taken over.</summary>
    public static void SetTakenOver(MetadataTransaction transaction, LayerId id) =>
        transaction.Connection.Execute("UPDATE layers SET taken_over = 0, owner = NULL WHERE id = $1", id.Value);

    /// <summary>Layers that were taken over by somebody who did not come to the end of it.</summary>
    public IReadOnlyList<LayerRecord> ListUnfinished() => database.Run(null, connection =>
        connection.Query($"SELECT {Columns} FROM layers WHERE taken_over <> 0 AND owner IS NULL", Read));

    /// <summary>Moves a layer that is prepared on to committed; false where it is not prepared any more.</summary>
    public static bool SetCommitted(MetadataTransaction transaction, LayerId id) =>
        transaction.Connection.Execute("UPDATE layers SET state = 1, owner = NULL WHERE id = $1 AND state = 0", id.Value) == 1;

    /// <summary>Marks a layer for deletion by that owner.</summary>
    public static void SetRemoving(MetadataTransaction transaction, LayerId id, long? owner) =>
        transaction.Connection.Execute("UPDATE layers SET state = 2, owner = $2 WHERE id = $1", id.Value, owner);

    /// <summary>Says whether a layer stays where nothing needs it.</summary>
    public static void SetKept(MetadataTransaction transaction, LayerId id, bool kept) =>
        transaction.Connection.Execute("UPDATE layers SET kept = $2 WHERE id = $1", id.Value, kept ? 1 : 0);

    /// <summary>True where a layer, an image or an import needs it, or somebody wants it for itself.</summary>
    public static bool IsReferenced(MetadataTransaction transaction, LayerId id) => transaction.Connection.Number(
        """
        SELECT EXISTS(SELECT 1 FROM layers WHERE parent = $1 AND state <> 2)
            OR EXISTS(SELECT 1 FROM images WHERE top_layer = $1)
            OR EXISTS(SELECT 1 FROM leases WHERE layer = $1)
            OR EXISTS(SELECT 1 FROM layers WHERE id = $1 AND kept <> 0 AND state <> 2)
        """,
        id.Value) != 0;

    /// <summary>Deletes the row of a layer whose files were removed, and remembers that for as long as a power cut might bring those back.</summary>
    public static void Delete(MetadataTransaction transaction, LayerId id)
    {
        var now = DateTime.UtcNow;
        transaction.Connection.Execute("DELETE FROM layers WHERE id = $1", id.Value);
        transaction.Connection.Execute("DELETE FROM removed_layers WHERE removed < $1", (now - s_flushed).Ticks);
        transaction.Connection.Execute("INSERT OR REPLACE INTO removed_layers(id, removed) VALUES ($1, $2)", id.Value, now.Ticks);
    }

    /// <summary>True for a layer that was removed lately.</summary>
    public bool WasRemoved(LayerId id) => database.Run(null, connection =>
        connection.Number("SELECT EXISTS(SELECT 1 FROM removed_layers WHERE id = $1)", id.Value) != 0);

    /// <summary>How many layers of images are committed.</summary>
    public int Count(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        (int)connection.Number("SELECT count(*) FROM layers WHERE purpose = 0 AND state = 1"));

    /// <summary>How many containers stand directly on each layer.</summary>
    public IReadOnlyDictionary<LayerId, int> CountContainersByParent(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query(
                "SELECT parent, count(*) FROM layers WHERE purpose = 1 AND state = 1 AND parent IS NOT NULL GROUP BY parent",
                row => KeyValuePair.Create(row.Layer(0), row.GetInt32(1)))
            .ToDictionary());

    private static LayerRecord Read(SqliteDataReader row) => new()
    {
        Id = row.Layer(0),
        Purpose = (LayerPurpose)row.GetInt32(1),
        State = (LayerState)row.GetInt32(2),
        Parent = row.LayerOrNull(3),
        ChainId = row.DigestOrEmpty(4),
        DiffId = row.DigestOrEmpty(5),
        Usage = new Usage(row.GetInt64(6), row.GetInt64(7), row.NumberOrNull(8)),
        ArchiveBytes = row.GetInt64(9),
        Depth = row.GetInt32(10),
        OpaqueRoot = row.GetInt32(11) != 0,
        Created = row.Time(12),
        Owner = row.NumberOrNull(13),
        IsKept = row.GetInt32(14) != 0,
    };
}
