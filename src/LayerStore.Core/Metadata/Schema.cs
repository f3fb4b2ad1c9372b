namespace LayerStore.Metadata;

/// <summary>The database's tables, one migration step a version. A step, once released, is never changed; a new one is added.</summary>
internal static class Schema
{
    /// <summary>"LYST": marks the file as ours (PRAGMA application_id), so that a foreign database is never migrated.</summary>
    public const int ApplicationId = 0x4C595354;

    /// <summary>Index i brings version i to version i + 1. Times are .NET ticks in UTC, digests and ids lower-case text.</summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

        -- Who acts on layers at the moment: a process, named so that its death can be proved.
        CREATE TABLE owners(
            id INTEGER PRIMARY KEY,
            pid INTEGER NOT NULL, start_time INTEGER NOT NULL, boot_id TEXT NOT NULL, pid_namespace INTEGER NOT NULL,
            waits_for TEXT);

        -- purpose: 0 image, 1 container; state: 0 preparing, 1 committed, 2 removing.
        CREATE TABLE layers(
            id TEXT PRIMARY KEY,
            purpose INTEGER NOT NULL, state INTEGER NOT NULL,
            parent TEXT REFERENCES layers(id),
            chain_id TEXT, diff_id TEXT,
            size INTEGER NOT NULL DEFAULT 0, inodes INTEGER NOT NULL DEFAULT 0, allocated INTEGER,
            archive_bytes INTEGER NOT NULL DEFAULT 0, depth INTEGER NOT NULL DEFAULT 0, opaque_root INTEGER NOT NULL DEFAULT 0,
            created INTEGER NOT NULL,
            owner INTEGER REFERENCES owners(id));
        CREATE INDEX layers_parent ON layers(parent);
        CREATE INDEX layers_unsettled ON layers(state) WHERE state <> 1;
        CREATE INDEX layers_owner ON layers(owner) WHERE owner IS NOT NULL;
        -- One layer a chain id, prepared or committed; one that is being removed does not stand in a new one's way.
        CREATE UNIQUE INDEX layers_chain ON layers(chain_id) WHERE purpose = 0 AND state <> 2;

        -- A layer that an import builds on and nothing else may need at the moment.
        CREATE TABLE leases(
            layer TEXT NOT NULL REFERENCES layers(id), owner INTEGER NOT NULL REFERENCES owners(id),
            PRIMARY KEY(layer, owner)) WITHOUT ROWID;
        CREATE INDEX leases_owner ON leases(owner);

        CREATE TABLE images(
            id TEXT PRIMARY KEY,
            config BLOB NOT NULL, manifest BLOB, manifest_media_type TEXT, manifest_digest TEXT,
            created INTEGER, size INTEGER NOT NULL, operating_system TEXT NOT NULL, architecture TEXT NOT NULL,
            top_layer TEXT REFERENCES layers(id), layer_count INTEGER NOT NULL, imported INTEGER NOT NULL);
        CREATE INDEX images_top_layer ON images(top_layer);

        CREATE TABLE image_names(name TEXT PRIMARY KEY, image TEXT NOT NULL REFERENCES images(id)) WITHOUT ROWID;
        CREATE INDEX image_names_image ON image_names(image);

        CREATE TABLE containers(
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            image_name TEXT NOT NULL, image TEXT REFERENCES images(id),
            command TEXT NOT NULL, created INTEGER NOT NULL,
            layer TEXT NOT NULL UNIQUE REFERENCES layers(id));
        CREATE INDEX containers_image ON containers(image);
        CREATE INDEX containers_created ON containers(created);

        CREATE TABLE container_labels(
            container TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY(container, name)) WITHOUT ROWID;

        -- kind: 0 the layer's own directory, nothing is mounted; 1 a mount of the kernel.
        CREATE TABLE mounts(
            container TEXT PRIMARY KEY REFERENCES containers(id) ON DELETE CASCADE,
            path TEXT NOT NULL, kind INTEGER NOT NULL, read_only INTEGER NOT NULL, own_directory INTEGER NOT NULL,
            count INTEGER NOT NULL, boot_id TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        -- Bytes that the container's layer may take; NULL without a limit.
        ALTER TABLE containers ADD COLUMN size_limit INTEGER;
        """,
        """
        -- 1: an image's layer that was a container's and is complete, of which what an image's layer has not is still to be taken out.
        ALTER TABLE layers ADD COLUMN taken_over INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX layers_taken_over ON layers(taken_over) WHERE taken_over <> 0;
        """,
        """
        -- Files that outlive containers, in volumes/NAME/_data. state: 0 creating, 1 ready, 2 removing, 3 filling (what it is to hold comes beside what it holds).
        CREATE TABLE volumes(
            name TEXT PRIMARY KEY,
            state INTEGER NOT NULL, anonymous INTEGER NOT NULL, created INTEGER NOT NULL, size_limit INTEGER,
            owner INTEGER REFERENCES owners(id));
        CREATE INDEX volumes_unsettled ON volumes(state) WHERE state <> 1;
        CREATE INDEX volumes_owner ON volumes(owner) WHERE owner IS NOT NULL;

        CREATE TABLE volume_labels(
            volume TEXT NOT NULL REFERENCES volumes(name) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY(volume, name)) WITHOUT ROWID;

        -- What a container has at a path of its own: a volume, by a name that may be nobody's any more, or a directory of the machine (source).
        CREATE TABLE container_mounts(
            container TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE,
            path TEXT NOT NULL, volume TEXT, source TEXT,
            read_only INTEGER NOT NULL, copies INTEGER NOT NULL, anonymous INTEGER NOT NULL,
            PRIMARY KEY(container, path)) WITHOUT ROWID;
        CREATE INDEX container_mounts_volume ON container_mounts(volume);
        """,
        """
        -- 1: an image's layer that somebody brought in by itself; it stays although nothing needs it.
        ALTER TABLE layers ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
        """,
        """
        -- Layers that were removed lately: a power cut may bring their files back, but not their rows.
        CREATE TABLE removed_layers(id TEXT PRIMARY KEY, removed INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX removed_layers_removed ON removed_layers(removed);
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>The version of the database; 0 where it is empty.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreDamaged"/> for a database of somebody else, <see cref="ErrorIds.StoreVersionUnsupported"/> for one of a newer program.</exception>
    public static int Check(MetadataConnection connection, string path)
    {
        var application = connection.Number("PRAGMA application_id");
        if (application == 0 && connection.Number("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;
        if (application != ApplicationId)
            throw new StoreException(ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, path,
                $"'{Printable.Escape(path)}' is a database of another program.",
                "Choose another root, or put the store's own database back.");
        var version = (int)connection.Number("SELECT max(version) FROM schema_version");
        return version <= Version
            ? version
            : throw new StoreException(ErrorIds.StoreVersionUnsupported, StoreErrorKind.NotSupported, path,
                $"The store's database '{Printable.Escape(path)}' has schema version {version}; this LayerStore knows {Version}.",
                "Use the newer LayerStore that last wrote the store.");
    }

    /// <summary>Brings the database to <see cref="Version"/>; run inside a write transaction.</summary>
    public static void Migrate(MetadataConnection connection, string path)
    {
        var version = Check(connection, path);
        if (version == 0)
        {
            connection.Run($"PRAGMA application_id = {ApplicationId}");
            connection.Run("CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied INTEGER NOT NULL)");
        }
        for (; version < Version; version++)
        {
            connection.Run(Steps[version]);
            connection.Execute("INSERT INTO schema_version(version, applied) VALUES ($1, $2)", version + 1, DateTime.UtcNow.Ticks);
        }
    }
}
