using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

[DriverEnvironment("overlay2", "ext4"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class Overlay2OnExt4(Ext4Fixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("overlay2", "xfs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class Overlay2OnXfs(XfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("overlay2", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class Overlay2OnBtrfs(BtrfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("overlay2", "tmpfs"), OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class Overlay2OnTmpfs(TmpfsFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<TmpfsFixture>;

[DriverEnvironment("btrfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class BtrfsOnBtrfs(BtrfsFixture fileSystem) : DriverConformance("btrfs", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("btrfs", "btrfs with quota"), OnFileSystem(FileSystemKind.BtrfsWithQuota)]
public sealed class BtrfsOnBtrfsWithQuota(BtrfsQuotaFixture fileSystem) : DriverConformance("btrfs", fileSystem), IClassFixture<BtrfsQuotaFixture>;

[DriverEnvironment("vfs", "ext4"), OnFileSystem(FileSystemKind.Ext4)]
public sealed class VfsOnExt4(Ext4Fixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<Ext4Fixture>;

[DriverEnvironment("vfs", "xfs"), OnFileSystem(FileSystemKind.Xfs)]
public sealed class VfsOnXfs(XfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<XfsFixture>;

[DriverEnvironment("vfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class VfsOnBtrfs(BtrfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<BtrfsFixture>;

[DriverEnvironment("vfs", "tmpfs"), OnFileSystem(FileSystemKind.Tmpfs)]
public sealed class VfsOnTmpfs(TmpfsFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<TmpfsFixture>;
