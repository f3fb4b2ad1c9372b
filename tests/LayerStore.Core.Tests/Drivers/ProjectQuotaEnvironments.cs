using LayerStore.Tests.Environments;
using LayerStore.Tests.Hostile;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

[DriverEnvironment("overlay2", "xfs with project quota", InGuest = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class Overlay2OnXfsWithQuota(XfsQuotaFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<XfsQuotaFixture>;

[DriverEnvironment("overlay2", "xfs with project quota", InGuest = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class StoreOfOverlay2OnXfsWithQuota(XfsQuotaFixture fileSystem) : StoreConformance("overlay2", fileSystem), IClassFixture<XfsQuotaFixture>;

[DriverEnvironment("overlay2", "ext4 with project quota", InGuest = true), OnFileSystem(FileSystemKind.Ext4)]
public sealed class Overlay2OnExt4WithQuota(Ext4QuotaFixture fileSystem) : DriverConformance("overlay2", fileSystem), IClassFixture<Ext4QuotaFixture>;

[DriverEnvironment("overlay2", "ext4 with project quota", InGuest = true), OnFileSystem(FileSystemKind.Ext4)]
public sealed class StoreOfOverlay2OnExt4WithQuota(Ext4QuotaFixture fileSystem) : StoreConformance("overlay2", fileSystem), IClassFixture<Ext4QuotaFixture>;

[DriverEnvironment("vfs", "xfs with project quota", InGuest = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class VfsOnXfsWithQuota(XfsQuotaFixture fileSystem) : DriverConformance("vfs", fileSystem), IClassFixture<XfsQuotaFixture>;

[DriverEnvironment("vfs", "xfs with project quota", InGuest = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class StoreOfVfsOnXfsWithQuota(XfsQuotaFixture fileSystem) : StoreConformance("vfs", fileSystem), IClassFixture<XfsQuotaFixture>;

[DriverEnvironment("overlay2", "xfs with project quota", InGuest = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class ProjectQuotaOnXfs(XfsQuotaFixture fileSystem) : ProjectQuotaTests(fileSystem), IClassFixture<XfsQuotaFixture>;

[DriverEnvironment("overlay2", "ext4 with project quota", InGuest = true), OnFileSystem(FileSystemKind.Ext4)]
public sealed class ProjectQuotaOnExt4(Ext4QuotaFixture fileSystem) : ProjectQuotaTests(fileSystem), IClassFixture<Ext4QuotaFixture>;
