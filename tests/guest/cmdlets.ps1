# What users do with the cmdlets, on one driver: each step says what it must see, in bytes, files and errors, and the script ends with 1 at the first that sees something else.
# The store is left empty. Only the engine's own cmdlets and .NET: the guest has perhaps no PowerShell but the one of tools/.
[CmdletBinding()]
param(
    # The module.
    [Parameter(Mandatory)]
    [string] $ModulePath,

    # The archive of the tests' small image.
    [Parameter(Mandatory)]
    [string] $Image,

    # The storage driver.
    [Parameter(Mandatory)]
    [string] $Driver,

    # Where the store is made, as "store".
    [Parameter(Mandatory)]
    [string] $Folder,

    # The driver's options, as name=value with commas between.
    [string] $Option
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'None'
$imageSize = 1982337
# More than devicemapper gives to every container; xfs keeps nearly a hundred for itself.
$limit = 500MB

function Same([string] $What, $Seen, $Expected) {
    if ("$Seen" -cne "$Expected") { throw "${What}: '$Seen' instead of '$Expected'." }
    "ok $What"
}

# The command must fail with that error.
function Fail([string] $What, [string] $ErrorId, [scriptblock] $Command) {
    $seen = 'nothing'
    try { $null = & $Command }
    catch { $seen = ($_.FullyQualifiedErrorId -split ',')[0] }
    Same "refuses $What" $seen $ErrorId
}

function Write-Text([string] $Path, [string] $Text) { [IO.File]::WriteAllText($Path, $Text) }
function Read-Text([string] $Path) { [IO.File]::ReadAllText($Path) }

Import-Module $ModulePath
$env:LAYERSTORE_ROOT = [IO.Path]::Combine($Folder, 'store')
$other = [IO.Path]::Combine($Folder, 'other')
$files = [IO.Directory]::CreateDirectory([IO.Path]::Combine($Folder, 'files')).FullName
try {
    Fail 'an option that no driver knows' DriverOptionInvalid { Initialize-Storage -Driver $Driver -Option "$Driver.nonsense=1" }
    $choice = @{ Driver = $Driver }
    if ($Option) { $choice.Option = $Option -split ',' }
    Initialize-Storage @choice
    Same 'the driver' (Get-StorageInfo).StorageDriver $Driver
    Fail 'another driver' DriverMismatch { Initialize-Storage -Driver $(if ($Driver -eq 'vfs') { 'overlay2' } else { 'vfs' }) }

    # Bad input leaves nothing.
    $bytes = [IO.File]::ReadAllBytes($Image)
    [IO.File]::WriteAllBytes("$files/short.tar", $bytes[0..1000000])
    Fail 'an archive that is not there' ArchiveNotFound { Import-ContainerImage "$files/missing.tar" }
    Fail 'an archive that ends early' ArchiveTruncated { Import-ContainerImage "$files/short.tar" }
    Fail 'an image that is not there' ImageNotFound { New-Container missing }
    $info = Get-StorageInfo
    Same 'nothing is left of them' "$($info.Images) $($info.Containers) $($info.Layers)" '0 0 0'

    $id = (Import-ContainerImage $Image).Id
    Same 'the image' "$((Get-ContainerImage small).Size) $(@(Get-ContainerLayer).Count)" "$imageSize 1"
    $one, $two = 'one', 'two' | ForEach-Object { New-Container small -Name $_ -Label "role=$_" } | Mount-Container
    Fail 'a name twice' ContainerNameInUse { New-Container small -Name one }
    Write-Text "$one/etc/passwd" 'changed'
    [IO.File]::Delete("$one/etc/group")
    [IO.File]::WriteAllBytes("$two/root/big", [byte[]]::new(3000000))
    Same 'neither sees the other' "$([IO.File]::Exists("$one/root/big")) $([IO.FileInfo]::new("$two/etc/passwd").Length)" 'False 71'
    Same 'what changed' "$(Get-ContainerChange one)" 'C /etc D /etc/group C /etc/passwd'
    Same 'sizes while mounted' "$((Get-Container -Size one, two).SizeRw)" '7 3000000'
    Fail 'the removal of what is mounted' ContainerMounted { Remove-Container one }
    Fail 'the removal of what is in use' ImageInUse { Remove-ContainerImage small }
    Dismount-Container -All
    Same 'sizes' "$(Get-ContainerSize one; Get-ContainerSize two)" '7B (virtual 1.98MB) 3MB (virtual 4.98MB)'
    Same 'mounts' @(Get-ContainerMount).Count 0
    $view = Mount-Container two -ReadOnly
    Same 'a read-only mount shows the file' ([IO.FileInfo]::new("$view/root/big").Length) 3000000
    try { Write-Text "$view/x" x; throw 'A read-only mount was written.' } catch [IO.IOException] { 'ok a read-only mount refuses writes' }
    $view | Dismount-Container

    # Files in and out.
    Write-Text "$files/in.conf" 'hello'
    Copy-ContainerFile one "$files/in.conf" /root/ -ToContainer
    Copy-ContainerFile one /root/in.conf "$files/out.conf"
    Same 'a file that was copied in and out' (Read-Text "$files/out.conf") hello
    Fail 'the copy of what is not there' FileNotFound { Copy-ContainerFile one /missing "$files/x" }
    Same 'the size with it' (Get-ContainerSize one).SizeRw 12

    # Volumes.
    $volume = New-ContainerVolume db
    $mount = New-Container small -Name user -Mount db:/data | Mount-Container
    Write-Text "$mount/data/rows" '12345'
    $mount | Dismount-Container
    Same 'the volume' "$((Get-ContainerVolume db -Size).Size) $(Read-Text "$($volume.Mountpoint)/rows") $((Get-ContainerSize user).SizeRw)" '5 12345 0'
    Fail 'the removal of a volume in use' VolumeInUse { Remove-ContainerVolume db }
    $backup = Export-ContainerVolume db "$files/db.tar.gz" -Compression Gzip
    Remove-Container user
    Remove-ContainerVolume db
    $null = Import-ContainerVolume $backup.FullName -Name db
    Same 'the volume from its backup' (Read-Text "$((Get-ContainerVolume db).Mountpoint)/rows") '12345'

    # A limit.
    Fail 'a limit of nothing' ParameterArgumentValidationError { New-Container small -Name limited -Size 0 }
    if ((Get-StorageInfo -Detailed).Features -contains 'Quota') {
        $mount = New-Container small -Name limited -Size $limit | Mount-Container
        & fallocate -l ($limit + 1MB) "$mount/root/big" 2> $null
        Same 'a container fills no more than its limit' ($LASTEXITCODE -ne 0) True
        [IO.File]::Delete("$mount/root/big")
        & fallocate -l ($limit - 150MB) "$mount/root/big"
        Same 'a container can hold more than without it' $LASTEXITCODE 0
        $mount | Dismount-Container
        Remove-Container limited
    }
    else { Fail 'a limit' DriverUnsupported { New-Container small -Name limited -Size $limit } }

    # Images of containers, to archives and other stores and back.
    $made = ConvertTo-ContainerImage one made:1 -Message 'changed'
    Same 'the image of a container' "$($made.Size - $imageSize) $(@(Get-ContainerLayer -Image made:1).Count)" '12 2'
    $archive = Export-ContainerImage made:1 "$files/made.tar" -Compression Zstd
    $flat = Export-Container one "$files/flat.tar"
    Fail 'an export over a file' ExportPathExists { Export-Container one "$files/flat.tar" }
    $null = Copy-ContainerImage made:1 $other -DestinationDriver vfs
    Same 'the image in another store' (Get-ContainerImage made:1 -Root $other).Id $made.Id
    $null = Remove-ContainerImage made:1
    Same 'the image from its archive' (Import-ContainerImage $archive.FullName).Id $made.Id
    Same 'the tree of a container' (Import-ContainerImage $flat.FullName -RootFs -Reference flat:1).Size ($imageSize - 71 + 12 - 10)
    $mount = New-Container made:1 -Name three | Mount-Container -ReadOnly
    Same 'the files of the image' "$(Read-Text "$mount/etc/passwd") $(Read-Text "$mount/root/in.conf") $([IO.File]::Exists("$mount/etc/group"))" 'changed hello False'
    $mount | Dismount-Container
    (Rename-Container three renamed -PassThru).Name | ForEach-Object { Same 'a new name' $_ renamed }

    # What it all takes, and away with it.
    Same 'usage' "$((Get-StorageUsage).Type) $((Get-StorageUsage).Total)" 'Images Containers Standalone Layers Local Volumes 3 3 0 1'
    Same 'usage of containers' "$((Get-StorageUsage Container -Detailed | Sort-Object Name).SizeRw)" '12 0 3000000'
    $cleared = @(Clear-UnusedStorage -All -Label role=two)
    Same 'what was cleared' "$($cleared.Name) $($cleared.Bytes)" 'two 3000000'
    Same 'what was kept' "$(@(Get-Container | ForEach-Object Name | Sort-Object))" 'one renamed'
    Get-Container | Remove-Container
    $null = Get-ContainerImage | Remove-ContainerImage
    Remove-ContainerVolume db
    $info = Get-StorageInfo
    Same 'all of it is gone' "$($info.Images) $($info.Containers) $($info.Layers) $(@(Get-ContainerVolume).Count)" '0 0 0 0'
    Same 'the image of Docker' $id 'sha256:8a86c9c7acf7a4868f3a57a1856dbba05590701950840d5e7a3ef2b5bdc84cd7'
}
catch {
    "FAILED $_"
    $_.ScriptStackTrace
    exit 1
}
exit 0
