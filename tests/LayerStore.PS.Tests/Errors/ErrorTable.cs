using System.Management.Automation;

namespace LayerStore.PS.Tests.Errors;

/// <summary>A row for each id of <c>ErrorIds</c>.</summary>
internal static class ErrorTable
{
    internal static IReadOnlyList<ErrorRow> Rows { get; } =
    [
        new("ArchiveCorrupt", ErrorCategory.InvalidData, "Import-ContainerImage $images/corrupt.tar", "broken:1", "corrupt.tar"),
        new("ArchiveEncodingUnknown", ErrorCategory.NotInstalled, "Import-ContainerImage $images/bzip2.tar", "bzip2", "bzip2.tar"),
        new("ArchiveEntryUnsupported", ErrorCategory.NotInstalled, "Import-ContainerImage $images/entry.tar", "strange", "entry.tar"),
        new("ArchiveLimitExceeded", ErrorCategory.SecurityError, "Import-ContainerImage $small -Limit @{ MaxEntries = 10 } -Root $root/limit", "10", "small.tar"),
        new("ArchiveNotFound", ErrorCategory.ObjectNotFound, "Import-ContainerImage $images/nowhere.tar", "nowhere.tar"),
        new("ArchiveTruncated", ErrorCategory.InvalidData, "Import-ContainerImage $images/cut.tar", "cut.tar"),
        new("ArchiveUnrecognized", ErrorCategory.InvalidData, "Import-ContainerImage /etc/hosts", "/etc/hosts"),
        new("ArchiveUnsafePath", ErrorCategory.SecurityError, "Import-ContainerImage $images/unsafe.tar", "../evil", "unsafe.tar"),
        new("BlobDigestMismatch", ErrorCategory.InvalidData, "Import-ContainerImage $images/digest", "sha256:", "digest"),
        new("BlobMissing", ErrorCategory.InvalidData, "Import-ContainerImage $images/missing.tar", "layer.tar", "missing.tar"),
        new("BlobSizeMismatch", ErrorCategory.InvalidData, "Import-ContainerImage $images/size", "blobs/sha256/", "size"),
        new("ConfigInvalid", ErrorCategory.InvalidData, "Import-ContainerImage $images/config.tar", "config.json", "config.tar"),
        new("DigestInvalid", ErrorCategory.InvalidData, "Import-ContainerImage $images/nodigest", "sha256:xyz", "nodigest"),
        new("ImagePlatformNotFound", ErrorCategory.ObjectNotFound, "Import-ContainerImage $images/good -Platform linux/s390x", "linux/s390x", "good"),
        new("LayerDepthExceeded", ErrorCategory.NotInstalled, "Import-ContainerImage $images/deep.tar", "500", "deep.tar", NeedsRoot: true),
        new("LayerDigestMismatch", ErrorCategory.InvalidData, "Import-ContainerImage $images/diffid.tar", "sha256:0000", "diffid.tar"),
        new("ManifestInvalid", ErrorCategory.InvalidData, "Import-ContainerImage $images/manifest.tar", "manifest.json", "manifest.tar"),

        new("ArgumentInvalid", ErrorCategory.InvalidArgument, "Import-ContainerImage $small -Platform linux/arm64 -All", "-All", "linux/arm64"),
        new("PathInvalid", ErrorCategory.InvalidArgument, "Import-ContainerImage nodrive:x.tar", "nodrive:x.tar"),
        new("InputOutputError", ErrorCategory.ReadError, "Initialize-Storage -Root /proc/sys/layerstore -Driver vfs", "/proc/sys/layerstore"),
        new("PermissionDenied", ErrorCategory.PermissionDenied, "Initialize-Storage -Root /sys/layerstore -Driver vfs", "/sys/layerstore"),
        new("ExportPathExists", ErrorCategory.ResourceExists, "Export-ContainerImage small $small", "small.tar"),

        // The host of the tests has nobody to ask.
        new("ConfirmationUnavailable", ErrorCategory.InvalidArgument, "Remove-Container c1 -Confirm", "c1"),
        new("ConfigurationInvalid", ErrorCategory.InvalidArgument, "Set-StorageConfiguration no.such x -Path $root/layerstore.yaml", "no.such"),
        new("ConfigurationNotFound", ErrorCategory.ObjectNotFound, "Get-StorageConfiguration -Path $root/nowhere.yaml", "nowhere.yaml"),

        new("ContainerMounted", ErrorCategory.ResourceBusy, "Remove-Container mounted", "mounted"),
        new("ContainerNameInUse", ErrorCategory.ResourceExists, "New-Container small -Name c1", "c1"),
        new("ContainerNameInvalid", ErrorCategory.InvalidArgument, "New-Container small -Name '-x'", "-x"),
        new("ContainerNotFound", ErrorCategory.ObjectNotFound, "Get-Container nobody", "nobody"),
        new("ContainerNotMounted", ErrorCategory.InvalidArgument, "Dismount-Container c1", "c1"),
        new("CopyTargetInvalid", ErrorCategory.InvalidArgument, "Copy-ContainerFile c1 /etc $images/cut.tar", "cut.tar", "/etc"),
        new("FileNotFound", ErrorCategory.ObjectNotFound, "Copy-ContainerFile c1 /nofile $images/new", "/nofile"),
        new("IdAmbiguous", ErrorCategory.InvalidArgument, "Get-Container $twice -Root $root/many", "$twice"),
        new("MountBusy", ErrorCategory.ResourceBusy, "$open = [IO.File]::OpenRead(\"$mounted/etc/passwd\"); try { Dismount-Container mounted } finally { $open.Dispose() }", "The mount '", "mounted", NeedsRoot: true),
        new("MountFailed", ErrorCategory.ReadError, "Mount-Container -Name c1 -Root $root/spoilt", "Could not mount", "c1", NeedsRoot: true),
        new("MountPathInvalid", ErrorCategory.InvalidArgument, "Mount-Container c1 -Path $root/store/inside", "inside", "c1"),

        new("ImageInUse", ErrorCategory.ResourceBusy, "Remove-ContainerImage small", "small"),
        new("ImageNotFound", ErrorCategory.ObjectNotFound, "New-Container nothing:1", "nothing:1"),
        new("LayerFileChanged", ErrorCategory.InvalidData, "Export-ContainerImage small $images/new.tar -Root $root/changed", "etc/passwd"),
        new("LayerInUse", ErrorCategory.ResourceBusy, "Remove-ContainerLayer (Get-ContainerLayer -Image small)[0].Id", "small:latest", ""),
        new("LayerNotExact", ErrorCategory.ObjectNotFound, "Export-ContainerImage small $images/new.tar -Root $root/inexact", "The archive of the layer", ""),
        new("LayerNotFound", ErrorCategory.ObjectNotFound, "Get-ContainerLayer 123456789abc", "123456789abc"),
        new("ReferenceInvalid", ErrorCategory.InvalidArgument, "New-Container 'UPPER CASE'", "UPPER CASE"),
        new("ReferenceInUse", ErrorCategory.ResourceBusy, "Remove-ContainerImage (Get-ContainerImage twice:1 -Root $root/named).Id -Root $root/named", "twice:1", "sha256:"),

        new("DiskFull", ErrorCategory.LimitsExceeded, "Initialize-Storage -Root $root/full/store -Driver vfs; Import-ContainerImage $small -Root $root/full/store", "small:latest", "small.tar", NeedsRoot: true),
        new("DriverAmbiguous", ErrorCategory.InvalidArgument, "Get-Container -Root $root/ambiguous; New-Container -Empty -Root $root/ambiguous", "ambiguous"),
        new("DriverMismatch", ErrorCategory.InvalidArgument, "Initialize-Storage -Root $root/many -Driver aufs", "aufs", "many"),
        new("DriverOptionInvalid", ErrorCategory.InvalidArgument, "Initialize-Storage -Root $root/new -Driver vfs -Option @{ 'overlay2.size' = 10GB }", "overlay2.size", "new"),
        new("DriverUnknown", ErrorCategory.InvalidArgument, "Initialize-Storage -Root $root/new -Driver zip", "zip", "new"),
        new("DriverUnsupported", ErrorCategory.NotInstalled, "Initialize-Storage -Root $root/new -Driver aufs", "aufs", "new"),
        new("StoreDamaged", ErrorCategory.InvalidData, "Get-Container -Root $root/damaged", "damaged"),
        new("StoreNotFound", ErrorCategory.ObjectNotFound, "Get-StorageUsage -Root $root/nostore", "nostore"),
        new("StoreRootInvalid", ErrorCategory.InvalidArgument, "Initialize-Storage -Root $small/store -Driver vfs", "small.tar"),
        new("StoreVersionUnsupported", ErrorCategory.NotInstalled, "Get-Container -Root $root/newer", "newer"),

        new("VolumeExists", ErrorCategory.ResourceExists, "New-ContainerVolume v1 -Label a=2", "v1"),
        new("VolumeInUse", ErrorCategory.ResourceBusy, "Remove-ContainerVolume used", "The volume 'used' is used by the container user", "used"),
        new("VolumeNameInvalid", ErrorCategory.InvalidArgument, "New-ContainerVolume ../x", "../x"),
        new("VolumeNotEmpty", ErrorCategory.ResourceExists, "Import-ContainerVolume $small v1", "v1", "small.tar"),
        new("VolumeNotFound", ErrorCategory.ObjectNotFound, "Remove-ContainerVolume none", "none"),
        new("VolumeSizeUnsupported", ErrorCategory.NotInstalled, "New-ContainerVolume v9 -Size 1GB", "v9"),
        new("VolumeDamaged", ErrorCategory.InvalidData, "Get-ContainerVolume lost -Size", "lost"),

        new("RegistryBlobUnknown", ErrorCategory.ObjectNotFound, "Request-ContainerImage $registry/hollow:1", "sha256:aaaa", "/hollow:1"),
        new("RegistryBusy", ErrorCategory.ResourceBusy, "Request-ContainerImage $registry/busy:1", "127.0.0.1", "/busy:1"),
        new("RegistryCredentialsInvalid", ErrorCategory.InvalidData,
            "$env:REGISTRY_AUTH_FILE = \"$images/auth.json\"; try { Request-ContainerImage $registry/closed:1 } finally { $env:REGISTRY_AUTH_FILE = $null }", "auth.json", "/closed:1"),
        new("RegistryDenied", ErrorCategory.PermissionDenied, "Request-ContainerImage $registry/denied:1", "127.0.0.1", "/denied:1"),
        new("RegistryInsecure", ErrorCategory.SecurityError, "Request-ContainerImage $registry/leading:1", "127.0.0.1", "/leading:1"),
        new("RegistryManifestUnknown", ErrorCategory.ObjectNotFound, "Request-ContainerImage $registry/nothing:1", "nothing:1"),
        new("RegistryProtocolError", ErrorCategory.InvalidData, "Request-ContainerImage $registry/garbage:1", "127.0.0.1", "/garbage:1"),
        new("RegistryTlsFailed", ErrorCategory.SecurityError, "Request-ContainerImage $untrusted/x:1", "127.0.0.1", "/x:1"),
        new("RegistryUnauthorized", ErrorCategory.PermissionDenied, "Request-ContainerImage $registry/closed:1", "127.0.0.1", "/closed:1"),
        new("RegistryUnreachable", ErrorCategory.ReadError, "Request-ContainerImage 127.0.0.1:1/x:1", "127.0.0.1:1", "/x:1"),
    ];

    internal static IReadOnlyList<ElsewhereRow> Elsewhere { get; } =
    [
        new("BlockDeviceInUse", "LayerStore.Core.Tests/Drivers/DirectLvmTests.cs", "A_device_with_a_file_system_is_taken_only_by_force", "needs the guest's block devices and device mapper"),
        new("DevicePoolFailed", "LayerStore.Core.Tests/Drivers/DeviceMapperTests.cs", "A_pool_that_the_kernel_does_not_write_is_a_clear_error_and_can_still_be_read", "needs the guest's device mapper"),
        new("DevicePoolFull", "LayerStore.Core.Tests/Drivers/DeviceMapperTests.cs", "A_pool_that_fills_up_is_warned_of_and_refused_before_it_is_full_and_serves_again_when_there_is_room", "needs the guest's device mapper"),
        new("PoolUnavailable", "LayerStore.Core.Tests/Drivers/ZfsDatasetTests.cs", "What_a_command_failed_for_is_found_out_without_its_words", "needs a ZFS pool, or programs that answer as if there were one"),
        new("ProgramFailed", "LayerStore.Core.Tests/Drivers/ZfsDatasetTests.cs", "What_a_command_failed_for_is_found_out_without_its_words", "needs zfs, or a program that fails in its place"),
        new("ProgramMissing", "LayerStore.Core.Tests/Drivers/DeviceMapperTests.cs", "A_program_that_is_missing_is_named_with_its_package_and_nothing_is_left", "needs the guest's device mapper: elsewhere the probe says so first"),
        new("PlatformUnsupported", "LayerStore.Package.Tests/InstallTests.cs", "Where_no_native_fits_it_can_be_imported_and_says_what_is_missing_when_a_store_is_opened", "needs a module without natives, in a process of its own"),
        new("StoreBusy", "LayerStore.Core.Tests/Metadata/DatabaseTests.cs", "A_writer_that_does_not_get_its_turn_says_that_the_store_is_busy", "a cmdlet waits half a minute for the other process"),
        new("LayerExists", "LayerStore.Core.Tests/Drivers/DriverConformance.Lifecycle.cs", "A_layer_cannot_be_made_twice_nor_on_a_parent_that_is_not_there", "ids are random: only a program that gives the driver one twice meets it"),
        new("ContainerChanging", "LayerStore.Core.Tests/Containers/ChangingContainerTests.cs", "A_file_that_shrinks_or_goes_away_while_it_is_read_is_an_error_that_names_it", "the file must change between two reads"),
        new("ConfigurationChanged", "LayerStore.Core.Tests/Configuration/ConfigurationChangeTests.cs", "A_file_that_somebody_else_changed_meanwhile_is_left_as_he_made_it", "the file must change between reading and writing"),
        new("UnexpectedError", "LayerStore.PS.Tests/Errors/ErrorTableTests.cs", "What_nobody_foresaw_is_called_a_defect", "only a defect of LayerStore makes it"),
    ];
}
