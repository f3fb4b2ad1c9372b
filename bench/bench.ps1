<#
.SYNOPSIS
    Runs the built benchmark; build.ps1's task Bench calls it. README.md beside it says what it measures.
.EXAMPLE
    ./build.sh bench import-plain import-gzip --rounds 7
.EXAMPLE
    ./build.sh bench cmdlets
    Times single cmdlets in this very session.
.EXAMPLE
    ./build.sh bench import-module
    What importing the packaged module costs more than importing an empty one.
#>
if ($args.Count -gt 0 -and $args[0] -eq 'cmdlets') {
    & ([IO.Path]::Combine($PSScriptRoot, 'cmdlets.ps1')) -ModulePath ([IO.Path]::Combine($PSScriptRoot, '..', 'out', 'LayerStore', 'LayerStore.psd1'))
    exit 0
}
if ($args.Count -gt 0 -and $args[0] -eq 'import-module') {
    & ([IO.Path]::Combine($PSScriptRoot, 'import.ps1'))
    exit $LASTEXITCODE
}
$program = [IO.Path]::Combine($PSScriptRoot, 'LayerStore.Bench', 'bin', 'Release', 'net10.0', 'LayerStore.Bench.dll')
if (-not [IO.File]::Exists($program)) { throw "There is no $program. Build first: ./build.sh build." }
& dotnet $program @args
exit $LASTEXITCODE
