<#
.SYNOPSIS
    Shows what LayerStore is for, on an image made on the spot: ./build.sh demo
.DESCRIPTION
    Every command is shown as one types it and then run for real, in a store of its own under a temporary folder that
    goes at the end, also after an error or Ctrl-C. As root it uses overlay2, as an ordinary user vfs.

    With -Driver the story is that driver's, on the file system of -Folder, and ends with the table of docker ps -as: ten
    containers that were changed as they were under Docker, whose sizes must be the same. The demo fails where they are not.
.EXAMPLE
    ./build.sh demo -Driver btrfs -Folder /mnt/btrfs
#>
[CmdletBinding()]
param(
    # The module to show.
    [Parameter(Mandatory)]
    [string] $ModulePath,

    # An image archive or OCI layout to use instead of one made on the spot.
    [string] $Image,

    # Where the temporary store is made.
    [string] $Folder = [IO.Path]::GetTempPath(),

    # The storage driver to show; the best that works without it.
    [string] $Driver,

    # The driver's options, as name=value.
    [string[]] $Option
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'None'

$colour = -not [Console]::IsOutputRedirected -and -not $env:NO_COLOR
if ($colour) { $PSStyle.OutputRendering = 'Ansi' }
$bold, $faint, $prompt, $plain = if ($colour) { "`e[1m", "`e[2m", "`e[32m", "`e[0m" } else { '', '', '', '' }

# One line that says what comes.
function Step([string] $Text) {
    $script:step++
    Write-Host "`n$bold$script:step. $Text$plain"
}

# Shows a command as it is typed, and runs it in the scope of whoever calls this with a dot.
function Show([scriptblock] $Command, [string] $Text = "$Command".Trim()) {
    Write-Host "$prompt`PS>$plain $Text"
    $shown = (. $Command | Out-String).Trim("`r`n")
    if ($shown) { Write-Host $shown }
}

function Say([string] $Text) { Write-Host "$faint   $Text$plain" }

function Format-Size([double] $Bytes) {
    foreach ($unit in 'B', 'kB', 'MB') {
        if ($Bytes -lt 1000) { return [string]::Format([cultureinfo]::InvariantCulture, '{0:0.##} {1}', $Bytes, $unit) }
        $Bytes /= 1000
    }
    [string]::Format([cultureinfo]::InvariantCulture, '{0:0.##} GB', $Bytes)
}

# What the store takes on disk, as du counts it: blocks, each file once, no mounted file system twice. It knows nothing of blocks that snapshots share.
function Get-DiskUse { [long] ((& du -sxB1 $env:LAYERSTORE_ROOT 2>$null) -split '\s')[0] }

# Undoes everything. The store first, since drivers keep what no folder shows (snapshots, devices); then with .NET and umount alone: it must work however the demo ended.
function Remove-Traces {
    if (-not [IO.Directory]::Exists($work)) { return }
    try {
        if ([IO.File]::Exists([IO.Path]::Combine($work, 'store', 'metadata.db'))) {
            Get-Container | Remove-Container -Force
            $null = Get-ContainerImage | Remove-ContainerImage -Force
            # There is no command for it: nobody else wants a pool to go while its store stays.
            $library = [LayerStore.StorageInfo].Assembly
            $options = [Activator]::CreateInstance($library.GetType('LayerStore.StoreOptions'))
            $options.GetType().GetProperty('Root').SetValue($options, $env:LAYERSTORE_ROOT)
            $store = $library.GetType('LayerStore.Store')::Open($options)
            $store.Driver.Shutdown()
            $store.Dispose()
        }
    }
    catch { Say "The store could not be emptied: $_" }
    $mounts = foreach ($line in [IO.File]::ReadLines('/proc/self/mountinfo')) { ($line -split ' ')[4] }
    foreach ($mount in @($mounts | Where-Object { $_.StartsWith("$work/") })) {
        [Diagnostics.Process]::Start('umount', [string[]] @('-l', $mount)).WaitForExit()
    }
    [IO.Directory]::Delete($work, $true)
}

$step = 0
$work = [IO.Path]::Combine([IO.Path]::GetFullPath($Folder), "layerstore-demo-$([guid]::NewGuid().ToString('N').Substring(0, 8))")
$null = [IO.Directory]::CreateDirectory($work)
$before = $env:LAYERSTORE_ROOT
$place = $PWD.Path
try {
    Import-Module $ModulePath
    foreach ($part in 'demo-image', 'demo-sizes') { . ([IO.Path]::Combine($PSScriptRoot, "$part.ps1")) }
    $env:LAYERSTORE_ROOT = [IO.Path]::Combine($work, 'store')
    Set-Location $work

    Write-Host "${bold}LayerStore: image layers and containers without a daemon$plain"
    Say "Everything happens in $work and goes with it."

    if ($Image) {
        Step 'The image that you gave.'
        $archive = $Image
        Say $archive
    }
    else {
        Step 'An image of four layers, made of files of this machine and saved as docker save would.'
        $archive = [IO.Path]::Combine($work, 'shop.tar')
        New-DemoImage $archive
        Say "shop.tar, $(Format-Size ([IO.FileInfo]::new($archive).Length)): a base system, a runtime, an application, its configuration."
        $archive = './shop.tar'
    }

    if ($Driver) {
        Step "A store with the driver $Driver."
        $choice = @{ Driver = $Driver }
        if ($Option) { $choice.Option = $Option }
        . Show { Initialize-Storage @choice -PassThru } "Initialize-Storage -Driver $Driver$(if ($Option) { " -Option $($Option -join ', ')" }) -PassThru"
    }
    else {
        Step 'The store does not exist yet; this is what it will work with.'
        . Show { Get-StorageInfo }
    }

    Step 'Import: each layer is checked against its digest and unpacked once.'
    . Show { ($imported = @(Import-ContainerImage $archive)) } "Import-ContainerImage $archive"
    # The reference is what one types; an untagged image has its id only.
    $name = if ($imported[0].References.Count) { $imported[0].References[0] -replace '^docker\.io/(library/)?' } else { $imported[0].Id.Substring(7, 12) }
    $layers = @(Get-ContainerLayer)
    . Show { Get-ContainerLayer }
    $oneCopy = Get-DiskUse

    Step 'Two containers from one image: each gets an empty writable layer, the image is shared.'
    . Show { $null = New-Container $name -Name web } "New-Container $name -Name web"
    . Show { $null = New-Container $name -Name worker } "New-Container $name -Name worker"
    . Show { Get-Container }

    Step 'Mount both: the merged file systems are ordinary folders now.'
    . Show { $web = Mount-Container web; $worker = Mount-Container worker }
    . Show { $web.Path }

    Step 'Change the same file in one of them, and add a big one in the other.'
    $file = if ($Image) { 'etc/layerstore-demo' } else { 'etc/shop.conf' }
    $null = [IO.Directory]::CreateDirectory("$web/etc")
    . Show { Set-Content "$web/$file" 'colour = green' } "Set-Content `"`$web/$file`" 'colour = green'"
    . Show { [IO.File]::WriteAllBytes("$worker/cache.bin", [byte[]]::new(10000000)) }

    Step 'SIZE is what a container itself holds, as docker ps -s says it; virtual is that plus its image.'
    . Show { Get-Container -Size }
    $sizes = @{}
    foreach ($size in Get-ContainerSize) { $sizes[$size.Name] = $size.SizeRw }
    if ($sizes.web -ne 15 -or $sizes.worker -ne 10000000) { throw "web holds $($sizes.web) bytes and worker $($sizes.worker); with docker it is 15 and 10000000." }

    Step 'Neither sees what the other did.'
    if ($Image) { . Show { Test-Path "$web/$file", "$worker/$file" } "Test-Path `"`$web/$file`", `"`$worker/$file`"" }
    else { . Show { Get-Content "$web/etc/shop.conf", "$worker/etc/shop.conf" } }
    . Show { Test-Path "$web/cache.bin", "$worker/cache.bin" }

    Step 'And the image is what it was: a new container shows it, and its layers have not grown.'
    . Show { $null = New-Container $name -Name fresh; $fresh = Mount-Container fresh } "New-Container $name -Name fresh; `$fresh = Mount-Container fresh"
    if ($Image) { . Show { Test-Path "$fresh/$file", "$fresh/cache.bin" } "Test-Path `"`$fresh/$file`", `"`$fresh/cache.bin`"" }
    else { . Show { Get-Content "$fresh/etc/shop.conf"; Test-Path "$fresh/cache.bin" } }
    $now = @(Get-ContainerLayer)
    $same = -not (Compare-Layers $layers $now)
    Say "$($layers.Count) layers then, $($now.Count) now, $(if ($same) { 'each of the same size' } else { 'NOT the same' })."
    $null = Dismount-Container fresh
    Remove-Container fresh

    Step 'Shared layers are stored once: what the containers add up to, and what the disk really holds.'
    $sum = 0L
    foreach ($container in Get-Container -Size) { $sum += $container.SizeRootFs }
    $used = Get-DiskUse
    Say "sum of virtual sizes   $(Format-Size $sum)"
    $storageDriver = (Get-StorageInfo).StorageDriver
    $snapshots = $storageDriver -in 'btrfs', 'zfs'
    Say "really used on disk    $(if ($snapshots) { "du cannot tell on ${storageDriver}: snapshots share their blocks" } else { Format-Size $used })"
    if ($storageDriver -eq 'vfs') { Say 'vfs copies every layer: it works everywhere and saves nothing (where files can be cloned, copies share their blocks).' }

    Step 'Remove a container: its layer is gone, the image stays.'
    . Show { Dismount-Container worker; Remove-Container worker }
    . Show { Get-Container -Size }
    $left = Get-DiskUse
    if (-not $snapshots) { Say "$(Format-Size ($used - $left)) freed, $(Format-Size $left) used." }

    Step 'The last container, and then the image itself.'
    . Show { Dismount-Container web; Remove-Container web }
    . Show { $null = Remove-ContainerImage $name } "Remove-ContainerImage $name"

    $small = [IO.Path]::Combine($PSScriptRoot, '..', 'tests', 'LayerStore.Core.Tests', 'data', 'small.tar')
    if ($Driver -and [IO.File]::Exists($small) -and [Environment]::UserName -eq 'root') {
        Step 'Ten containers, changed as they were under Docker: docker ps -as shows the same sizes.'
        $null = Import-ContainerImage $small
        New-GoldenContainer
        . Show { Get-Container -Size }
        $wrong = @(Compare-GoldenSize)
        if ($wrong) { throw "Not as with docker: $($wrong -join '; ')." }
        Say "$(@(Get-GoldenContainer).Count) of $(@(Get-GoldenContainer).Count) sizes are docker's, to the byte."
        Get-Container | Remove-Container
        $null = Remove-ContainerImage small
    }
    . Show { Get-StorageInfo }
    $failed = $false
}
catch {
    $failed = $true
    $_ | Out-Host
}
finally {
    Set-Location $place
    Remove-Traces
    $env:LAYERSTORE_ROOT = $before
}
if ($failed) { exit 1 }
Write-Host
Say "$work is gone. ./build.sh shell opens a shell to go on by yourself."
exit 0
