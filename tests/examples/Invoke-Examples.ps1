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
Import-Module ([IO.Path]::GetFullPath($Module, $PWD.ProviderPath))
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

# What a text says without what is another each time or another on each machine: ids, ages, sizes, folders, and how wide the terminal is.
function Get-Statement([string] $Text) {
    foreach ($rule in @('"[^"]*"', 'COMMAND'), @('(sha256:)?\b[0-9a-f]{12,64}\b(…|\.{3})?', 'ID'), @('(Less than a second|About an? (minute|hour)|\d+ (second|minute|hour|day|week|month|year)s?)( ago)?', 'AGE'), @('\b[\d.]+ ?[kMG]?B\b', 'SIZE'),
        @('(?<![\w/])/(home/me|var/lib/layerstore|mnt|srv)(/[^\s/]+)*/(?=[^\s/])', 'FOLDER/'), @('\b\d{3,}\b(?!:)', 'NUMBER'),
        @('-{2,}', ''), @('\s+', '')) {
        $Text = [regex]::Replace($Text, $rule[0], $rule[1])
    }
    $Text
}

# What is wrong with an example that ran: nothing, or that the page shows something else than what was shown, or in $shownByHost another table.
function Compare-Shown($Example, [string] $Shown) {
    $expected = $Example.Output
    # What would be done goes to the terminal alone.
    if (-not $expected -or $expected.StartsWith('What if:')) { return '' }
    if ($shownByHost.Contains("$($Example.Page) $($Example.Number)")) {
        $lines = @($expected -split "`n")
        $header = $lines[0] -split ' +' -join ' '
        foreach ($line in $Shown -split "`n") { if (($line -split ' +' -join ' ').Trim() -eq $header) { return '' } }
        return "the page shows '$header' first, but this was shown:`n$Shown"
    }
    if ((Get-Statement $expected) -ceq (Get-Statement $Shown)) { return '' }
    "the page says that this is shown:`n$expected`nbut this was:`n$Shown`nwhich is compared as`n$(Get-Statement $expected)`n$(Get-Statement $Shown)"
}

# Everything in one scope, so that an example finds the variables of the one before it.
function Invoke-Page($Examples, [string] $Folder, [string] $Registry) {
    foreach ($example in $Examples) {
        $code = Convert-Place $example.Code $Folder $Registry
        try {
            $shown = . ([scriptblock]::Create($code)) | Out-String -Width 400
            # A cell that was too long for its line goes on in the next.
            $shown = [regex]::Replace($shown, '(?<=(^|\n)[^\n]{100,})\n {10,}(?=\S)', '').Replace($Folder, '/home/me')
            if ($Registry) { $shown = $shown.Replace($Registry, 'localhost:5000') }
            $failure = Compare-Shown $example $shown
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
            # The README's tour begins with nothing.
            if ($path.EndsWith('README.md')) { $env:LAYERSTORE_ROOT = "$folder/store"; $env:LAYERSTORE_CONFIG = "$folder/layerstore.yaml" } else { New-ExampleStore $folder }
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
