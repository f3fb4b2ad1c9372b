<#
.SYNOPSIS
    Runs the examples of the documentation, each page's in order and in a store of its own, and writes what came of each.
.DESCRIPTION
    With pwsh, or with the host of tools/, whose stand-ins do for the commands of PowerShell's own modules:
        pwsh tests/examples/Invoke-Examples.ps1 -Module out/LayerStore/LayerStore.psd1 -Result result.json
    Mounts need root.
.PARAMETER Module
    The module's manifest.
.PARAMETER Result
    The file to write: a list of pages, numbers, failures (empty where all is well) and texts shown.
.PARAMETER Page
    Only pages of this name; wildcards.
#>
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Result,
    [string] $Page = '*'
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
# Nobody is there to answer.
$ConfirmPreference = 'None'
. ([IO.Path]::Combine($PSScriptRoot, 'Examples.ps1'))
Import-Module $Module
# A measurement is run as it is typed, only for a shorter while.
$PSDefaultParameterValues['Measure-StorageDriver:Iteration'] = 1
$PSDefaultParameterValues['Measure-StorageDriver:FileCount'] = 10
$PSDefaultParameterValues['Measure-StorageDriver:FileSize'] = 65536

# A registry on a free port of loopback, or nothing where none is installed.
function Start-Registry([string] $Folder) {
    if (-not ("$env:PATH" -split ':' | Where-Object { [IO.File]::Exists([IO.Path]::Combine($_, 'docker-registry')) })) { return }
    $free = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $free.Start()
    $address = "localhost:$($free.LocalEndpoint.Port)"
    $free.Stop()
    [IO.File]::WriteAllText("$Folder/registry.yml", "version: 0.1`nlog: { level: error }`nstorage: { filesystem: { rootdirectory: $Folder/registry } }`nhttp: { addr: '$address' }`n")
    $start = [Diagnostics.ProcessStartInfo]::new('docker-registry', [string[]]('serve', "$Folder/registry.yml"))
    $start.RedirectStandardError = $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    # It is there when it takes connections.
    foreach ($attempt in 1..100) {
        $client = [Net.Sockets.TcpClient]::new()
        try { $client.Connect('localhost', [int] ($address -split ':')[1]); break } catch { [Threading.Thread]::Sleep(100) } finally { $client.Dispose() }
    }
    @{ Address = $address; Process = $process }
}

# What is wrong with an example that ran: nothing, or that the page shows something and the example nothing, or another table.
function Compare-Shown([string] $Expected, [string] $Shown) {
    if ($Expected -and -not $Expected.StartsWith('What if:') -and -not $Shown.Trim()) { return "the page says that this is shown, but nothing was:`n$Expected" }
    $lines = @($Expected -split "`n")
    if ($lines.Count -lt 2 -or $lines[1] -notmatch '^-[- ]+$') { return '' }
    $header = $lines[0] -split ' +' -join ' '
    foreach ($line in $Shown -split "`n") { if (($line -split ' +' -join ' ').Trim() -eq $header) { return '' } }
    "the page shows a table with '$header', but this was shown:`n$Shown"
}

# Everything in one scope, so that an example finds the variables of the one before it.
function Invoke-Page($Examples, [string] $Folder, [string] $Registry) {
    foreach ($example in $Examples) {
        $code = Convert-Place $example.Code $Folder $Registry
        try {
            $shown = . ([scriptblock]::Create($code)) | Out-String -Width 200
            $failure = Compare-Shown $example.Output $shown
        }
        catch {
            $shown = ''
            $failure = "$($_.FullyQualifiedErrorId): $_`n$($_.ScriptStackTrace)"
        }
        [pscustomobject]@{ Page = $example.Page; Number = $example.Number; Failure = $failure; Shown = $shown }
    }
}

# Takes a folder away with all that is mounted in it.
function Remove-ExampleFolder([string] $Folder) {
    foreach ($line in [IO.File]::ReadAllLines('/proc/self/mountinfo')) {
        $place = ($line -split ' ')[4]
        if ($place.StartsWith("$Folder/")) { & '/bin/umount' -l $place }
    }
    [IO.Directory]::Delete($Folder, $true)
}

$work = [IO.Directory]::CreateTempSubdirectory('layerstore-').FullName
$registry = $null
try {
    $files = [IO.Directory]::CreateDirectory("$work/files").FullName
    $registry = Start-Registry $work
    New-ExampleFile $files $(if ($registry) { $registry.Address })
    # Short names: paths are in tables, which must not be broken.
    $number = 0
    $results = foreach ($path in Get-ExamplePage) {
        if ([IO.Path]::GetFileNameWithoutExtension($path) -notlike $Page) { continue }
        $examples = @(Get-Example $path | Where-Object { -not $notHere.Contains("$($_.Page) $($_.Number)") })
        if (-not $registry) { $examples = @($examples | Where-Object { -not $_.Code.Contains('localhost:5000') }) }
        $folder = "$work/$((++$number))"
        & '/bin/cp' -a $files $folder
        Set-Location $folder
        [Environment]::CurrentDirectory = $folder
        try {
            New-ExampleStore $folder
            Invoke-Page $examples $folder $(if ($registry) { $registry.Address })
        }
        finally {
            Set-Location $work
            [Environment]::CurrentDirectory = $work
            Remove-ExampleFolder $folder
        }
    }
    [IO.File]::WriteAllText($Result, (ConvertTo-Json @($results) -Depth 3))
}
finally {
    if ($registry) {
        $registry.Process.Kill()
        $registry.Process.WaitForExit()
    }
    Set-Location ([IO.Path]::GetTempPath())
    Remove-ExampleFolder $work
}
