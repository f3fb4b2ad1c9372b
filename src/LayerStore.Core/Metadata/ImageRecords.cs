using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>The images and their names in the database. Names are canonical: <c>docker.io/library/alpine:latest</c>.</summary>
internal sealed class ImageRecords(Database database)
{
    private const string Columns =
        "id, config, manifest, manifest_media_type, manifest_digest, created, size, operating_system, architecture, top_layer, layer_count, imported";

    /// <summary>Every image, newest first.</summary>
    public IReadOnlyList<ImageRecord> List(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query($"SELECT {Columns} FROM images ORDER BY created DESC, imported DESC, id", Read));

    /// <summary>The image of that id (<c>sha256:…</c>).</summary>
    public ImageRecord? Get(string id, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First($"SELECT {Columns} FROM images WHERE id = $1", Read, id));

    /// <summary>The images whose id begins with these digits, <c>sha256:</c> not counted.</summary>
    public IReadOnlyList<ImageRecord> FindByIdPrefix(string digits, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
    {
        var prefix = "sha256:" + digits;
        return connection.Query($"SELECT {Columns} FROM images WHERE id >= $1 AND id < $2 ORDER BY id", Read, prefix, Rows.PrefixEnd(prefix));
    });

    public ImageRecord? FindByName(string canonicalName, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.First(
            $"SELECT {Columns} FROM images WHERE id = (SELECT image FROM image_names WHERE name = $1)", Read, canonicalName));

    /// <summary>The names of one image, sorted.</summary>
    public IReadOnlyList<string> NamesOf(string id, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT name FROM image_names WHERE image = $1 ORDER BY name", row => row.GetString(0), id));

    /// <summary>Every name with the id of its image, sorted by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Names(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT name, image FROM image_names ORDER BY name", row => KeyValuePair.Create(row.GetString(0), row.GetString(1))));

    /// <summary>The names of the containers that use the image, sorted.</summary>
    public IReadOnlyList<string> ContainersOf(string id, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT name FROM containers WHERE image = $1 ORDER BY name", row => row.GetString(0), id));

    /// <summary>The ids of the images that have layers, with their uppermost layer.</summary>
    public IReadOnlyList<KeyValuePair<string, LayerId>> TopLayers(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Query("SELECT id, top_layer FROM images WHERE top_layer IS NOT NULL", row => KeyValuePair.Create(row.GetString(0), row.Layer(1))));

    /// <summary>How many images there are.</summary>
    public int Count(MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        (int)connection.Number("SELECT count(*) FROM images"));

    /// <summary>Adds an image; one that is there already stays as it is, but for the manifest: it has the one that it came with last.</summary>
    public static void Insert(MetadataTransaction transaction, ImageRecord image) =>
        transaction.Connection.Execute(
            $"INSERT INTO images({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT(id) DO UPDATE SET "
            + "manifest = excluded.manifest, manifest_media_type = excluded.manifest_media_type, manifest_digest = excluded.manifest_digest WHERE excluded.manifest IS NOT NULL",
            image.Id, image.Config, image.Manifest, image.ManifestMediaType, image.ManifestDigest, image.Created is { } created ? Rows.Ticks(created) : null,
            image.Size, image.OperatingSystem, image.Architecture, image.TopLayer?.Value, image.LayerCount, Rows.Ticks(image.Imported));

    /// <summary>Gives the image a name, taking it from the one that has it.</summary>
    public static void SetName(MetadataTransaction transaction, string canonicalName, string id) =>
        transaction.Connection.Execute(
            "INSERT INTO image_names(name, image) VALUES ($1, $2) ON CONFLICT(name) DO UPDATE SET image = excluded.image", canonicalName, id);

    /// <summary>Takes a name away; false where nothing has it.</summary>
    public static bool RemoveName(MetadataTransaction transaction, string canonicalName) =>
        transaction.Connection.Execute("DELETE FROM image_names WHERE name = $1", canonicalName) == 1;

    /// <summary>Deletes an image and its names; its layers are the caller's to release.</summary>
    public static void Delete(MetadataTransaction transaction, string id)
    {
        transaction.Connection.Execute("DELETE FROM image_names WHERE image = $1", id);
        transaction.Connection.Execute("DELETE FROM images WHERE id = $1", id);
    }

    private static ImageRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Config = row.GetFieldValue<byte[]>(1),
        Manifest = row.BytesOrNull(2),
        ManifestMediaType = row.TextOrNull(3),
        ManifestDigest = row.TextOrNull(4),
        Created = row.IsDBNull(5) ? null : row.Time(5),
        Size = row.GetInt64(6),
        OperatingSystem = row.GetString(7),
        Architecture = row.GetString(8),
        TopLayer = row.LayerOrNull(9),
        LayerCount = row.GetInt32(10),
        Imported = row.Time(11),
    };
}
