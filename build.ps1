<#
.SYNOPSIS
    The one build definition of LayerStore.
.DESCRIPTION
    pwsh ./build.ps1 TASK, or ./build.sh TASK where no PowerShell is installed. It uses the language, the engine's own
    cmdlets and .NET, nothing of PowerShell's other modules, since the small host of ./build.sh has none of them.

    Build        builds the module into out/LayerStore, the tests and the tools
    Test         runs all suites and ends with "N passed, N failed, N skipped"
    Conformance  runs the tests of all drivers, or of -Driver NAME, on every file system and kernel that they work on
    Demo         shows the main job on an image made on the spot, or on -Image PATH
    Fuzz         feeds what reads foreign data with inputs made by chance, for -Minutes N, from -Seed S on, or -Target NAME alone
    Bench        runs the benchmarks in bench/
    Package      makes out/package/LayerStore.VERSION.nupkg; signed where -Sign says how
    Publish      makes the package and sends it to the PowerShell Gallery; -WhatIf only looks
    Shell        opens a PowerShell with the built module loaded
    Help         brings the pages in docs/en-US up to date with the built module
    Format       checks the formatting of the sources
    Clean        removes everything that was built
.EXAMPLE
    ./build.sh test -Filter Overlay
    Runs only the xunit tests whose full name contains Overlay.
.EXAMPLE
    pwsh ./build.ps1 Package -Sign { param($Files) Set-AuthenticodeSignature $Files -Certificate $mine }
    Makes a package whose own files are signed.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Conformance', 'Fuzz', 'Demo', 'Bench', 'Package', 'Publish', 'Shell', 'Help', 'Format', 'Clean', 'Tasks')]
    [string] $Task = 'Tasks',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Demo: an image archive or layout to use instead of one made on the spot.
    [string] $Image,

    # Test: run only the xunit tests whose full name contains this; the Pester files then only with -Suite Pester.
    [string] $Filter,

    # Test: run only this suite, a project's name, Pester or Guest.
    [string] $Suite,

    # Conformance: only this driver's.
    [string] $Driver,

    # Fuzz: how long, the first seed (0 for one by chance), and only this of what can be fuzzed.
    [double] $Minutes = 1,
    [int] $Seed,
    [string] $Target,

    # Test, Conformance: run in the guest also what passed there before and has not changed since.
    [switch] $Fresh,

    # Build: only the module, and only when a source is newer than it.
    [switch] $IfStale,

    # Package, Publish: where the package goes, instead of out/package.
    [string] $Destination,

    # Package, Publish: a script block, or the path of a script or program, that signs the files whose paths it gets.
    [object] $Sign,

    # Publish: the feed's key; else the environment variable LAYERSTORE_API_KEY.
    [string] $ApiKey,

    # Publish: the feed, of NuGet's second protocol, or of its third where the address ends in .json.
    [string] $Repository = 'https://www.powershellgallery.com/api/v2',

    [Parameter(ValueFromRemainingArguments)]
    [string[]] $PassedOn
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

$root = $PSScriptRoot
$out = [IO.Path]::Combine($root, 'out')
$module = [IO.Path]::Combine($out, 'LayerStore')
foreach ($name in 'DOTNET_CLI_TELEMETRY_OPTOUT', 'DOTNET_NOLOGO') { [Environment]::SetEnvironmentVariable($name, '1') }

foreach ($part in 'Requirements', 'Tests', 'Conformance', 'Package', 'Publish') { . ([IO.Path]::Combine($root, 'tools', 'build', "$part.ps1")) }

function Say([string] $Text = '') { $Host.UI.WriteLine($Text) }

function SayHeading([string] $Text) {
    $colour = -not [Console]::IsOutputRedirected -and -not $env:NO_COLOR
    $Host.UI.WriteLine($(if ($colour) { "`e[1m== $Text`e[0m" } else { "== $Text" }))
}

# Runs a program and fails with its name where it fails.
function Run([string] $Program, [string[]] $Words) {
    & $Program @Words | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Words[0]) failed with exit code $LASTEXITCODE." }
}

function Path([string[]] $Parts) { [IO.Path]::Combine([string[]](@($root) + $Parts)) }

# True where a source of the module is newer than the module.
function Test-Stale {
    $built = [IO.Path]::Combine($module, 'LayerStore.PS.dll')
    $manifest = [IO.Path]::Combine($module, 'LayerStore.psd1')
    if (-not [IO.File]::Exists($built) -or -not [IO.File]::Exists($manifest)) { return $true }
    $stamp = [IO.Path]::Combine($out, 'build.stamp')
    if (-not [IO.File]::Exists($stamp)) { return $true }
    $when = [IO.File]::GetLastWriteTimeUtc($stamp)
    $files = @(foreach ($name in 'LayerStore.psd1', 'Directory.Build.props', 'Directory.Packages.props') { Path $name })
    foreach ($folder in 'src', 'en-US', 'docs/en-US', 'tools/LayerStore.Help') {
        if ([IO.Directory]::Exists((Path $folder))) { $files += [IO.Directory]::GetFiles((Path $folder), '*', 'AllDirectories') }
    }
    foreach ($file in $files) {
        if ($file -match '/(bin|obj)/') { continue }
        if ([IO.File]::GetLastWriteTimeUtc($file) -gt $when) { return $true }
    }
    return $false
}

function Invoke-Compile([string] $What, [string[]] $Properties = @()) {
    Say "Building $([IO.Path]::GetFileNameWithoutExtension($What)) ..."
    $output = & dotnet build (Path $What) -c $Configuration -v q -nologo @Properties
    if ($LASTEXITCODE -ne 0) {
        foreach ($line in $output) { Say $line }
        throw "The build failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Build([string] $What = 'LayerStore.slnx', [string[]] $Properties = @()) {
    if ($IfStale -and -not (Test-Stale)) { return }
    $started = [DateTime]::UtcNow
    Invoke-Compile $What $Properties
    $manifest = [IO.Path]::Combine($module, 'LayerStore.psd1')
    if (-not [IO.File]::Exists($manifest)) { throw "The build left no manifest at $manifest." }
    $null = Test-ModuleManifest $manifest
    $stamp = [IO.Path]::Combine($out, 'build.stamp')
    [IO.File]::WriteAllText($stamp, '')
    [IO.File]::SetLastWriteTimeUtc($stamp, $started)
}

# The program of tools/LayerStore.Help, which the module's build makes, too.
function Get-HelpTool { Path 'tools', 'LayerStore.Help', 'bin', $Configuration, 'net10.0', 'LayerStore.Help.dll' }

# Forgets the module of earlier builds: what no build writes any more must be neither tested nor shipped.
function Clear-ModuleFolder {
    if ([IO.Directory]::Exists($module)) { [IO.Directory]::Delete($module, $true) }
}

# Starts this very PowerShell again on a script, with the terminal as its own.
function Start-PowerShell([string[]] $Words) {
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    $start.ArgumentList.Add('-NoProfile')
    foreach ($word in $Words) { $start.ArgumentList.Add($word) }
    $process = [Diagnostics.Process]::Start($start)
    $process.WaitForExit()
    $process.ExitCode
}

# The project whose build writes the whole importable module.
$product = [IO.Path]::Combine('src', 'LayerStore.PS', 'LayerStore.PS.csproj')
# What the tasks hand on; nothing must not become an empty word.
$rest = @(foreach ($word in $PassedOn) { $word })
$isOurHost = $Host.Name -eq 'LayerStore host'
$manifest = [IO.Path]::Combine($module, 'LayerStore.psd1')
$packages = if ($Destination) { [IO.Path]::GetFullPath($Destination) } else { [IO.Path]::Combine($out, 'package') }

switch ($Task) {
    'Tasks' {
        foreach ($line in [IO.File]::ReadLines($PSCommandPath)) {
            if ($line -match '^    (Build|Test|Conformance|Fuzz|Demo|Bench|Package|Publish|Shell|Help|Format|Clean)  ') { Say $line.Substring(2) }
        }
        exit 0
    }
    'Build' {
        if ($IfStale) { Invoke-Build $product } else { Invoke-Build; Say "The module is in $module." }
    }
    'Test' {
        Install-Requirement Test
        Install-GuestZfs
        exit (Invoke-Test)
    }
    'Conformance' {
        Install-Requirement Test
        Install-GuestZfs
        exit (Invoke-Conformance)
    }
    'Fuzz' {
        exit (Invoke-Fuzz)
    }
    'Demo' {
        Install-Requirement Demo
        $IfStale = $true
        Invoke-Build $product
        $words = @('-File', (Path 'docs', 'demo.ps1'), '-ModulePath', $manifest)
        if ($Image) { $words += '-Image', [IO.Path]::GetFullPath($Image) }
        if ($Driver) { $words += '-Driver', "$Driver" }
        exit (Start-PowerShell ($words + $rest))
    }
    'Bench' {
        Install-Requirement Bench
        Invoke-Build
        exit (Start-PowerShell (@('-File', (Path 'bench', 'bench.ps1')) + $rest))
    }
    'Package' {
        Say "The package is $(Invoke-Package $packages)."
    }
    'Publish' {
        Invoke-Publish $packages $Repository $ApiKey
    }
    'Shell' {
        $IfStale = $true
        Invoke-Build $product
        if ($isOurHost) { exit (Start-PowerShell (@('-Module', $manifest) + $rest)) }
        $import = "Import-Module '$($manifest.Replace("'", "''"))'"
        switch ($rest.Count ? $rest[0] : '') {
            '-Command' { exit (Start-PowerShell @('-Command', "$import; $($rest[1..($rest.Count - 1)] -join ' ')")) }
            '-File' {
                $words = foreach ($word in $rest[1..($rest.Count - 1)]) { $word -match '^-\w+$' ? $word : "'$($word.Replace("'", "''"))'" }
                exit (Start-PowerShell @('-Command', "$import; & $words; exit `$LASTEXITCODE"))
            }
            default { exit (Start-PowerShell @('-NoExit', '-Command', $import)) }
        }
    }
    'Help' {
        # The pages first, then the module again, whose help file is made of them and which fails where a page is stale.
        Invoke-Build $product @('-p:CheckHelp=false')
        Run dotnet @((Get-HelpTool), 'update', (Path 'docs', 'en-US'), $manifest)
        Invoke-Build $product
        Say "The pages in docs/en-US are up to date; the tests say what is left to write. ('build.ps1' alone lists the tasks.)"
    }
    'Format' {
        Run dotnet @('format', (Path 'LayerStore.slnx'), '--verify-no-changes', '--no-restore')
        Say 'The formatting is as it should be.'
    }
    'Clean' {
        foreach ($folder in [IO.Directory]::GetDirectories($root, '*', 'AllDirectories')) {
            if ([IO.Path]::GetFileName($folder) -in 'bin', 'obj' -and [IO.Directory]::Exists($folder) -and
                [IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($folder), '*.csproj').Count) { [IO.Directory]::Delete($folder, $true) }
        }
        if ([IO.Directory]::Exists($out)) { [IO.Directory]::Delete($out, $true) }
    }
}
exit 0
