using LayerStore.Tests.Environments;
using LayerStore.Tests.Hostile;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

[DriverEnvironment("overlay2", "ext4"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class Overlay2OnExt4(Ext4Fixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("overlay2", "ext4"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class StoreOfOverlay2OnExt4(Ext4Fixture fileSystem) : StoreConformance("overlay2", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("overlay2", "xfs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class Overlay2OnXfs(XfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("overlay2", "xfs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class StoreOfOverlay2OnXfs(XfsFixture fileSystem) : StoreConformance("overlay2", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("overlay2", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class Overlay2OnBtrfs(BtrfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("overlay2", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class StoreOfOverlay2OnBtrfs(BtrfsFixture fileSystem) : StoreConformance("overlay2", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("overlay2", "tmpfs"), OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class Overlay2OnTmpfs(TmpfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<TmpfsFixture>;

[DriverEnvironment("overlay2", "tmpfs"), OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class StoreOfOverlay2OnTmpfs(TmpfsFixture fileSystem) : StoreConformance("overlay2", fileSystem), IClassFixture<TmpfsFixture>;

[DriverEnvironment("btrfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class BtrfsOnBtrfs(BtrfsFixture fileSystem) : DriverConformance("btrfs", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("btrfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class StoreOfBtrfsOnBtrfs(BtrfsFixture fileSystem) : StoreConformance("btrfs", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("btrfs", "btrfs with quota"), OnFileSystem(FileSystemKind.BtrfsWithQuota)]
public sealed class BtrfsOnBtrfsWithQuota(BtrfsQuotaFixture fileSystem) : DriverConformance("btrfs", fileSystem), IClassFixture<BtrfsQuotaFixture>;

[DriverEnvironment("btrfs", "btrfs with quota"), OnFileSystem(FileSystemKind.BtrfsWithQuota)]
public sealed class StoreOfBtrfsOnBtrfsWithQuota(BtrfsQuotaFixture fileSystem) : StoreConformance("btrfs", fileSystem), IClassFixture<BtrfsQuotaFixture>;

[DriverEnvironment("vfs", "ext4"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class VfsOnExt4(Ext4Fixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("vfs", "ext4"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class StoreOfVfsOnExt4(Ext4Fixture fileSystem) : StoreConformance("vfs", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("vfs", "xfs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class VfsOnXfs(XfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("vfs", "xfs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class StoreOfVfsOnXfs(XfsFixture fileSystem) : StoreConformance("vfs", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("vfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class VfsOnBtrfs(BtrfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("vfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class StoreOfVfsOnBtrfs(BtrfsFixture fileSystem) : StoreConformance("vfs", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("vfs", "tmpfs"), OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class VfsOnTmpfs(TmpfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<TmpfsFixture>;

[DriverEnvironment("vfs", "tmpfs"), OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class StoreOfVfsOnTmpfs(TmpfsFixture fileSystem) : StoreConformance("vfs", fileSystem), IClassFixture<TmpfsFixture>;
