<#
.SYNOPSIS
    What importing the packaged module costs more than importing an empty binary module: ./build.sh bench import-module.
.DESCRIPTION
    Each import has a process of its own, in turns; the times are those of Import-Module alone, as the session sees them, and beside them the processor time, which other
    work on the machine changes less. The module is the package's, installed as PSResourceGet lays it out. Emits nothing; prints the medians, the difference and its goal,
    and exits with 1 where the goal is missed.
#>
param(
    [int] $Turns = 21,
    [double] $Goal = 100
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..'))
$work = [IO.Directory]::CreateTempSubdirectory('layerstore-bench-').FullName
$powershell = [Environment]::ProcessPath

function Median([double[]] $Numbers) {
    [Array]::Sort($Numbers)
    $Numbers[[int][Math]::Floor($Numbers.Length / 2)]
}

# Milliseconds of one import in a fresh process: on the clock, and of the processors.
function Measure-Import([string] $Manifest) {
    $text = & $powershell -NoProfile -Command @"
`$process = [Diagnostics.Process]::GetCurrentProcess()
`$before = `$process.TotalProcessorTime
`$watch = [Diagnostics.Stopwatch]::StartNew()
Import-Module '$Manifest' -ErrorAction Stop
`$watch.Stop()
`$process.Refresh()
[string]::Format([cultureinfo]::InvariantCulture, '{0};{1}', `$watch.Elapsed.TotalMilliseconds, (`$process.TotalProcessorTime - `$before).TotalMilliseconds)
"@
    if ($LASTEXITCODE -ne 0) { throw "Importing $Manifest failed: $text" }
    foreach ($number in @($text)[-1].Split(';')) { [double]::Parse($number, [cultureinfo]::InvariantCulture) }
}

try {
    & $powershell -NoProfile -File ([IO.Path]::Combine($root, 'build.ps1')) Package -Destination ([IO.Path]::Combine($work, 'package')) | Out-Null
    if ($LASTEXITCODE -ne 0) { throw 'The package could not be made.' }
    . ([IO.Path]::Combine($root, 'tools', 'build', 'Package.ps1'))
    $ours = [IO.Path]::Combine((Install-Package ([IO.Directory]::GetFiles([IO.Path]::Combine($work, 'package'), '*.nupkg')[0]) ([IO.Path]::Combine($work, 'Modules'))), 'LayerStore.psd1')
    $empty = [IO.Path]::Combine($root, 'bench', 'EmptyModule', 'bin', 'Release', 'net10.0', 'EmptyModule.psd1')
    foreach ($manifest in $ours, $empty) { $null = Measure-Import $manifest }
    $clock = @{ $ours = @(); $empty = @() }
    $processor = @{ $ours = @(); $empty = @() }
    for ($i = 0; $i -lt $Turns; $i++) {
        foreach ($manifest in $ours, $empty) {
            $elapsed, $used = Measure-Import $manifest
            $clock[$manifest] += $elapsed
            $processor[$manifest] += $used
        }
    }
    $more = (Median $clock[$ours]) - (Median $clock[$empty])
    $Host.UI.WriteLine([string]::Format([cultureinfo]::InvariantCulture,
            'import-module: LayerStore {0:0} ms, an empty binary module {1:0} ms: {2:0} ms more (goal {3:0} ms), {4:0} ms more of the processors; medians of {5} processes each',
            (Median $clock[$ours]), (Median $clock[$empty]), $more, $Goal, ((Median $processor[$ours]) - (Median $processor[$empty])), $Turns))
}
finally { [IO.Directory]::Delete($work, $true) }
exit $(if ($more -le $Goal) { 0 } else { 1 })
