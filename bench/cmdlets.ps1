<#
.SYNOPSIS
    Times single cmdlets in a running session, on an ext4 of their own: ./build.sh bench cmdlets.
.DESCRIPTION
    Each number is the median of -Turns calls of one cmdlet by name, in milliseconds, everything included that a user waits for: binding, opening the store, the sync
    that makes a container survive a power cut.
#>
param(
    [Parameter(Mandatory)][string] $ModulePath,
    [string] $Backing = '/dev/shm',
    [int] $Turns = 200
)
$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
$place = [IO.Path]::Combine($Backing, 'layerstore-bench-' + [Guid]::NewGuid().ToString('N'))
$disk = "$place.img"
[void][IO.Directory]::CreateDirectory($place)

function Median([scriptblock] $Work) {
    $times = for ($i = 0; $i -lt $Turns; $i++) {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $null = & $Work $i
        $watch.Elapsed.TotalMilliseconds
    }
    $sorted = [double[]]$times
    [Array]::Sort($sorted)
    $sorted[[int][Math]::Floor($sorted.Length / 2)]
}

function Tell([string] $Name, [double] $Milliseconds, [string] $Goal) {
    $Host.UI.WriteLine([string]::Format([cultureinfo]::InvariantCulture, '  {0,-20} {1,8:0.00} ms   {2}', $Name, $Milliseconds, $Goal))
}

try {
    $file = [IO.File]::Create($disk)
    $file.SetLength(2GB)
    $file.Dispose()
    & mkfs.ext4 -q -F $disk
    & mount -o loop $disk $place
    if ($LASTEXITCODE -ne 0) { throw "No ext4 could be mounted at $place." }
    $root = [IO.Path]::Combine($place, 'store')
    $null = Initialize-Storage -Root $root
    . ([IO.Path]::Combine($PSScriptRoot, '..', 'docs', 'demo-image.ps1'))
    $null = New-DemoImage ([IO.Path]::Combine($place, 'image.tar'))
    $image = (Import-ContainerImage ([IO.Path]::Combine($place, 'image.tar')) -Root $root)[0].Id
    foreach ($i in 1..50) { New-Container $image -Root $root -Name "warm$i" | Mount-Container | Dismount-Container }
    Tell 'New-Container' (Median { param($i) New-Container $image -Root $root -Name "c$i" }) 'goal 5 ms'
    Tell 'Mount-Container' (Median { param($i) Mount-Container "c$i" -Root $root }) 'goal 2 ms'
    Tell 'Dismount-Container' (Median { param($i) Dismount-Container "c$i" -Root $root }) "goal: the kernel's own time (row container-dismount) + 1 ms"
    Tell 'Get-Container' (Median { Get-Container c1 -Root $root }) ''
    Tell 'Remove-Container' (Median { param($i) Remove-Container "c$i" -Root $root -Confirm:$false }) ''
}
finally {
    # The session keeps a database open for a moment.
    for ($i = 0; $i -lt 40; $i++) {
        & umount $place 2>$null
        if ($LASTEXITCODE -eq 0) { break }
        [Threading.Thread]::Sleep(100)
    }
    [IO.File]::Delete($disk)
    [IO.Directory]::Delete($place)
}
