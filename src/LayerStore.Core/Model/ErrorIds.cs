namespace LayerStore;

/// <summary>
/// The stable ids of <see cref="StoreException.ErrorId"/>; PowerShell shows them as the first part of
/// <c>FullyQualifiedErrorId</c>. An id is never renamed and never means two things.
/// </summary>
public static class ErrorIds
{
#pragma warning disable CS1591 // The names are the documentation; about_LayerStore_Errors explains each.
    public const string ArchiveCorrupt = nameof(ArchiveCorrupt);
    public const string ArchiveEncodingUnknown = nameof(ArchiveEncodingUnknown);
    public const string ArchiveLimitExceeded = nameof(ArchiveLimitExceeded);
    public const string ArchiveNotFound = nameof(ArchiveNotFound);
    public const string ArchiveTruncated = nameof(ArchiveTruncated);
    public const string ArchiveUnrecognized = nameof(ArchiveUnrecognized);
    public const string ArchiveUnsafePath = nameof(ArchiveUnsafePath);
    public const string ArchiveEntryUnsupported = nameof(ArchiveEntryUnsupported);
    public const string ArgumentInvalid = nameof(ArgumentInvalid);
    public const string BlockDeviceInUse = nameof(BlockDeviceInUse);
    public const string BlobDigestMismatch = nameof(BlobDigestMismatch);
    public const string BlobMissing = nameof(BlobMissing);
    public const string BlobSizeMismatch = nameof(BlobSizeMismatch);
    public const string ConfigInvalid = nameof(ConfigInvalid);
    public const string ConfigurationChanged = nameof(ConfigurationChanged);
    public const string ConfigurationInvalid = nameof(ConfigurationInvalid);
    public const string ConfigurationNotFound = nameof(ConfigurationNotFound);
    public const string ConfirmationUnavailable = nameof(ConfirmationUnavailable);
    public const string ContainerChanging = nameof(ContainerChanging);
    public const string ContainerMounted = nameof(ContainerMounted);
    public const string ContainerNameInUse = nameof(ContainerNameInUse);
    public const string ContainerNameInvalid = nameof(ContainerNameInvalid);
    public const string ContainerNotFound = nameof(ContainerNotFound);
    public const string ContainerNotMounted = nameof(ContainerNotMounted);
    public const string CopyTargetInvalid = nameof(CopyTargetInvalid);
    public const string DevicePoolFailed = nameof(DevicePoolFailed);
    public const string DevicePoolFull = nameof(DevicePoolFull);
    public const string DigestInvalid = nameof(DigestInvalid);
    public const string DiskFull = nameof(DiskFull);
    public const string DriverAmbiguous = nameof(DriverAmbiguous);
    public const string DriverMismatch = nameof(DriverMismatch);
    public const string DriverOptionInvalid = nameof(DriverOptionInvalid);
    public const string DriverUnknown = nameof(DriverUnknown);
    public const string DriverUnsupported = nameof(DriverUnsupported);
    public const string ExportPathExists = nameof(ExportPathExists);
    public const string FileNotFound = nameof(FileNotFound);
    public const string IdAmbiguous = nameof(IdAmbiguous);
    public const string ImageInUse = nameof(ImageInUse);
    public const string ImageNotFound = nameof(ImageNotFound);
    public const string ImagePlatformNotFound = nameof(ImagePlatformNotFound);
    public const string InputOutputError = nameof(InputOutputError);
    public const string LayerDepthExceeded = nameof(LayerDepthExceeded);
    public const string LayerDigestMismatch = nameof(LayerDigestMismatch);
    public const string LayerExists = nameof(LayerExists);
    public const string LayerInUse = nameof(LayerInUse);
    public const string LayerFileChanged = nameof(LayerFileChanged);
    public const string LayerNotExact = nameof(LayerNotExact);
    public const string LayerNotFound = nameof(LayerNotFound);
    public const string ManifestInvalid = nameof(ManifestInvalid);
    public const string MountBusy = nameof(MountBusy);
    public const string MountFailed = nameof(MountFailed);
    public const string MountPathInvalid = nameof(MountPathInvalid);
    public const string PathInvalid = nameof(PathInvalid);
    public const string PermissionDenied = nameof(PermissionDenied);
    public const string PlatformUnsupported = nameof(PlatformUnsupported);
    public const string PoolUnavailable = nameof(PoolUnavailable);
    public const string ProgramFailed = nameof(ProgramFailed);
    public const string ProgramMissing = nameof(ProgramMissing);
    public const string ReferenceInvalid = nameof(ReferenceInvalid);
    public const string ReferenceInUse = nameof(ReferenceInUse);
    public const string RegistryBlobUnknown = nameof(RegistryBlobUnknown);
    public const string RegistryBusy = nameof(RegistryBusy);
    public const string RegistryCredentialsInvalid = nameof(RegistryCredentialsInvalid);
    public const string RegistryDenied = nameof(RegistryDenied);
    public const string RegistryInsecure = nameof(RegistryInsecure);
    public const string RegistryManifestUnknown = nameof(RegistryManifestUnknown);
    public const string RegistryProtocolError = nameof(RegistryProtocolError);
    public const string RegistryTlsFailed = nameof(RegistryTlsFailed);
    public const string RegistryUnauthorized = nameof(RegistryUnauthorized);
    public const string RegistryUnreachable = nameof(RegistryUnreachable);
    public const string StoreBusy = nameof(StoreBusy);
    public const string StoreDamaged = nameof(StoreDamaged);
    public const string StoreNotFound = nameof(StoreNotFound);
    public const string StoreRootInvalid = nameof(StoreRootInvalid);
    public const string StoreVersionUnsupported = nameof(StoreVersionUnsupported);
    public const string VolumeDamaged = nameof(VolumeDamaged);
    public const string VolumeExists = nameof(VolumeExists);
    public const string VolumeInUse = nameof(VolumeInUse);
    public const string VolumeNameInvalid = nameof(VolumeNameInvalid);
    public const string VolumeNotEmpty = nameof(VolumeNotEmpty);
    public const string VolumeNotFound = nameof(VolumeNotFound);
    public const string VolumeSizeUnsupported = nameof(VolumeSizeUnsupported);
#pragma warning restore CS1591
}
