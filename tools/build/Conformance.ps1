# The environments of the storage drivers: the same tests on every file system and kernel that a driver works on, here or in a guest of tests/guest.

# Runs them and emits the counts of each. Words narrow them down: driver=NAME, filter=TEXT, place=host or guest, fresh.
function Invoke-Environment([string[]] $Words) {
    $folder = [IO.Path]::Combine($out, 'guest')
    $null = [IO.Directory]::CreateDirectory($folder)
    $summary = [IO.Path]::Combine($folder, 'summary')
    if ([IO.File]::Exists($summary)) { [IO.File]::Delete($summary) }
    $program = Path 'tests', 'LayerStore.Core.Tests', 'bin', $Configuration, 'net10.0', 'LayerStore.Core.Tests.dll'
    # Who runs the demo in the guest, with the module that was built.
    $env:LAYERSTORE_POWERSHELL = [Environment]::ProcessPath
    if ($Fresh) { $Words += 'fresh' }
    & dotnet exec $program conformance (Path 'tests', 'guest') $folder $summary @Words | Out-Host
    $code = $LASTEXITCODE
    $failed = 0
    if ([IO.File]::Exists($summary)) {
        foreach ($line in [IO.File]::ReadLines($summary)) {
            $name, $counts = $line -split "`t"
            $failed += [int] $counts[1]
            [ordered]@{ Suite = $name; Passed = [int] $counts[0]; Failed = [int] $counts[1]; Skipped = [int] $counts[2]; Seconds = [double]::Parse($counts[3], [cultureinfo]::InvariantCulture) }
        }
    }
    if ($code -ne 0 -and $failed -eq 0) { [ordered]@{ Suite = "Environments: exit code $code"; Passed = 0; Failed = 1; Skipped = 0; Seconds = 0.0 } }
}

# The Conformance task; emits the exit code.
function Invoke-Conformance {
    $IfStale = $true
    Invoke-Build $product
    Invoke-Compile ([IO.Path]::Combine('tests', 'LayerStore.Core.Tests', 'LayerStore.Core.Tests.csproj'))
    $words = @(if ($Driver) { "driver=$Driver" }; if ($Filter) { "filter=$Filter" })
    $suites = Invoke-InScratch { Invoke-Environment $words }
    Write-Total $suites
}

# The Fuzz task; emits the exit code.
function Invoke-Fuzz {
    Invoke-Compile ([IO.Path]::Combine('tests', 'LayerStore.Core.Tests', 'LayerStore.Core.Tests.csproj'))
    $program = Path 'tests', 'LayerStore.Core.Tests', 'bin', $Configuration, 'net10.0', 'LayerStore.Core.Tests.dll'
    $words = $Minutes.ToString([cultureinfo]::InvariantCulture), "$Seed"
    if ($Target) { $words += $Target }
    & dotnet exec $program fuzz @words | Out-Host
    $LASTEXITCODE
}
