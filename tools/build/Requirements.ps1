# What the tasks need of the machine besides the .NET SDK: a command and the Debian package that brings it.
$requirements = @{
    Test  = @(
        @('mount', 'mount'), @('losetup', 'mount'), @('unshare', 'util-linux'), @('tar', 'tar'), @('gzip', 'gzip'), @('zstd', 'zstd'),
        @('setfattr', 'attr'), @('mkfs.ext4', 'e2fsprogs'), @('mkfs.xfs', 'xfsprogs'), @('mkfs.btrfs', 'btrfs-progs'),
        @('docker-registry', 'docker-registry'), @('skopeo', 'skopeo'), @('git', 'git'),
        # The guest, what the drivers use there, and what its zfs is built with.
        @('linux.uml', 'user-mode-linux'), @('insmod', 'kmod'), @('ip', 'iproute2'), @('setpriv', 'util-linux'),
        @('dmsetup', 'dmsetup'), @('lvm', 'lvm2'), @('dmeventd', 'dmeventd'), @('thin_check', 'thin-provisioning-tools'),
        @('gcc', 'build-essential'), @('make', 'build-essential'), @('flex', 'flex'), @('bison', 'bison'), @('bc', 'bc'), @('xz', 'xz-utils'), @('python3', 'python3')
    )
    Demo  = @(, @('mount', 'mount'))
    Bench = @(@('tar', 'tar'), @('gzip', 'gzip'), @('zstd', 'zstd'), @('mkfs.ext4', 'e2fsprogs'), @('losetup', 'mount'))
}

# Ordinary users have no sbin in their PATH, where mkfs and losetup live.
function Find-Program([string] $Name) {
    foreach ($folder in ("$env:PATH`:/usr/local/sbin:/usr/sbin:/sbin" -split ':')) {
        if ($folder -and [IO.File]::Exists([IO.Path]::Combine($folder, $Name))) { return $true }
    }
    return $false
}

# OpenZFS for the guest: built once for all checkouts, and a package that only Debian's component contrib has.
function Install-GuestZfs {
    if (-not (Find-Program 'linux.uml')) { return }
    $build = Path 'tests', 'guest', 'build-zfs-modules'
    & $build --print *> $null
    if ($LASTEXITCODE -eq 0 -and (Find-Program 'zpool')) { return }
    SayHeading 'Building OpenZFS for the guest (once)'
    & $build 2>&1 | ForEach-Object { Say "$_" }
    if ($LASTEXITCODE -ne 0) { Say 'OpenZFS could not be built; what needs it is left out.' }
}

# Installs what a task lacks, where this runs as root on a Debian; says elsewhere what is missing.
function Install-Requirement([string] $For) {
    if (-not $IsLinux) { return }
    $packages = [Collections.Generic.SortedSet[string]]::new()
    foreach ($need in $requirements[$For]) {
        if (-not (Find-Program $need[0])) { $null = $packages.Add($need[1]) }
    }
    if ($packages.Count -eq 0) { return }

    $list = $packages -join ' '
    if ([Environment]::UserName -ne 'root' -or -not (Find-Program 'apt-get')) {
        Say "Missing, what needs them is left out: $list (install them as root: apt-get install $list)"
        return
    }
    SayHeading "Installing Debian packages: $list"
    $env:DEBIAN_FRONTEND = 'noninteractive'
    & apt-get -q update | Out-Null
    & apt-get -qq install -y --no-install-recommends @packages | Out-Null
    if ($LASTEXITCODE -ne 0) { Say "apt-get could not install $list; what needs them is left out." }
}
