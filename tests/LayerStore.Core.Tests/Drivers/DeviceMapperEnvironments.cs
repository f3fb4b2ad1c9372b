using LayerStore.Tests.Environments;
using LayerStore.Tests.Hostile;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

[DriverEnvironment("devicemapper", "loop-lvm with ext4", InGuest = true, Programs = ["thin_ls (thin-provisioning-tools)"]), OnFileSystem(FileSystemKind.Ext4)]
public sealed class DeviceMapperOnLoopWithExt4(LoopExt4Fixture fileSystem) : DriverConformance("devicemapper", fileSystem), IClassFixture<LoopExt4Fixture>;

[DriverEnvironment("devicemapper", "loop-lvm with ext4", InGuest = true, Programs = ["thin_ls (thin-provisioning-tools)"]), OnFileSystem(FileSystemKind.Ext4)]
public sealed class StoreOfDeviceMapperOnLoopWithExt4(LoopExt4Fixture fileSystem) : StoreConformance("devicemapper", fileSystem), IClassFixture<LoopExt4Fixture>;

[DriverEnvironment("devicemapper", "loop-lvm with xfs", InGuest = true, Programs = ["thin_ls (thin-provisioning-tools)"]), OnFileSystem(FileSystemKind.Xfs)]
public sealed class DeviceMapperOnLoopWithXfs(LoopXfsFixture fileSystem) : DriverConformance("devicemapper", fileSystem), IClassFixture<LoopXfsFixture>;

[DriverEnvironment("devicemapper", "loop-lvm with xfs", InGuest = true, Programs = ["thin_ls (thin-provisioning-tools)"]), OnFileSystem(FileSystemKind.Xfs)]
public sealed class StoreOfDeviceMapperOnLoopWithXfs(LoopXfsFixture fileSystem) : StoreConformance("devicemapper", fileSystem), IClassFixture<LoopXfsFixture>;

[DriverEnvironment("devicemapper", "direct-lvm", InGuest = true, Programs = ["lvm (lvm2)", "thin_check (thin-provisioning-tools)"]), OnFileSystem(FileSystemKind.Ext4)]
public sealed class DeviceMapperOnDirectLvm(DirectLvmFixture fileSystem) : DriverConformance("devicemapper", fileSystem), IClassFixture<DirectLvmFixture>;

[DriverEnvironment("devicemapper", "direct-lvm", InGuest = true, Programs = ["lvm (lvm2)", "thin_check (thin-provisioning-tools)"]), OnFileSystem(FileSystemKind.Ext4)]
public sealed class StoreOfDeviceMapperOnDirectLvm(DirectLvmFixture fileSystem) : StoreConformance("devicemapper", fileSystem), IClassFixture<DirectLvmFixture>;
