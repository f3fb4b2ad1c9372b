using LayerStore.Tests.Environments;
using LayerStore.Tests.Hostile;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

[DriverEnvironment("aufs", "ext4", InGuest = true, OtherKernelFor = "aufs"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class AufsOnExt4(Ext4Fixture fileSystem) : DriverConformance("aufs", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("aufs", "ext4", InGuest = true, OtherKernelFor = "aufs"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class StoreOfAufsOnExt4(Ext4Fixture fileSystem) : StoreConformance("aufs", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("aufs", "xfs", InGuest = true, OtherKernelFor = "aufs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class AufsOnXfs(XfsFixture fileSystem) : DriverConformance("aufs", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("aufs", "xfs", InGuest = true, OtherKernelFor = "aufs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class StoreOfAufsOnXfs(XfsFixture fileSystem) : StoreConformance("aufs", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("aufs", "ext4", InGuest = true, OtherKernelFor = "aufs"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class AufsKernelOnExt4(Ext4Fixture fileSystem) : AufsKernelTests(fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("aufs", "ext4", InGuest = true, OtherKernelFor = "aufs"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class SameTreeOnAufs(Ext4Fixture fileSystem)
    : SameTreeTests(("aufs", fileSystem.Path), ("vfs", fileSystem.Path)), IClassFixture<Ext4Fixture>;
