using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

[OnFileSystem(FileSystemKind.Ext4)]
public sealed class Overlay2OnExt4(Ext4Fixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<Ext4Fixture>;

[OnFileSystem(FileSystemKind.Xfs)]
public sealed class Overlay2OnXfs(XfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<XfsFixture>;

[OnFileSystem(FileSystemKind.Btrfs)]
public sealed class Overlay2OnBtrfs(BtrfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<BtrfsFixture>;

[OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class Overlay2OnTmpfs(TmpfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<TmpfsFixture>;

[OnFileSystem(FileSystemKind.Ext4)]
public sealed class VfsOnExt4(Ext4Fixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<Ext4Fixture>;

[OnFileSystem(FileSystemKind.Xfs)]
public sealed class VfsOnXfs(XfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<XfsFixture>;

[OnFileSystem(FileSystemKind.Btrfs)]
public sealed class VfsOnBtrfs(BtrfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<BtrfsFixture>;

[OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class VfsOnTmpfs(TmpfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<TmpfsFixture>;
