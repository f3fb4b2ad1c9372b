using LayerStore.Tests.Environments;
using LayerStore.Tests.Hostile;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

[DriverEnvironment("zfs", "OpenZFS 2.1", InGuest = true, Zfs = true), OnFileSystem(FileSystemKind.Zfs)]
public sealed class ZfsOnOpenZfs(ZfsFixture fileSystem) : DriverConformance("zfs", fileSystem), IClassFixture<ZfsFixture>;

[DriverEnvironment("zfs", "OpenZFS 2.1", InGuest = true, Zfs = true), OnFileSystem(FileSystemKind.Zfs)]
public sealed class StoreOfZfsOnOpenZfs(ZfsFixture fileSystem) : StoreConformance("zfs", fileSystem), IClassFixture<ZfsFixture>;

[DriverEnvironment("zfs", "OpenZFS 2.1", InGuest = true, Zfs = true), OnFileSystem(FileSystemKind.Ext4), OnFileSystem(FileSystemKind.Zfs)]
public sealed class SameTreeOnZfs(Ext4Fixture ext4, ZfsFixture zfs)
    : SameTreeTests(("vfs", ext4.Path), ("zfs", zfs.Path)), IClassFixture<Ext4Fixture>, IClassFixture<ZfsFixture>;
