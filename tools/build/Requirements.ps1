# What the tasks need of the machine besides the .NET SDK: a command and the Debian package that brings it.
$requirements = @{
    Test  = @(
        @('mount', 'mount'), @('losetup', 'mount'), @('unshare', 'util-linux'), @('tar', 'tar'), @('gzip', 'gzip'), @('zstd', 'zstd'),
        @('setfattr', 'attr'), @('mkfs.ext4', 'e2fsprogs'), @('mkfs.xfs', 'xfsprogs'), @('mkfs.btrfs', 'btrfs-progs')
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
