namespace LayerStore.Metadata;

/// <summary>The store's database with its records.</summary>
internal sealed class StoreMetadata(Database database) : IDisposable
{
    public Database Database { get; } = database;

    public LayerRecords Layers { get; } = new(database);

    public ImageRecords Images { get; } = new(database);

    public ContainerRecords Containers { get; } = new(database);

    public VolumeRecords Volumes { get; } = new(database);

    public ContainerMountRecords ContainerMounts { get; } = new(database);

    public OwnerRecords Owners { get; } = new(database);

    public SettingRecords Settings { get; } = new(database);

    public void Dispose() => Database.Dispose();
}
