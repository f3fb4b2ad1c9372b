<#
.SYNOPSIS
    Runs the built benchmark; build.ps1's task Bench calls it. README.md beside it says what it measures.
.EXAMPLE
    ./build.sh bench import-plain import-gzip --rounds 7
#>
$program = [IO.Path]::Combine($PSScriptRoot, 'LayerStore.Bench', 'bin', 'Release', 'net10.0', 'LayerStore.Bench.dll')
if (-not [IO.File]::Exists($program)) { throw "There is no $program. Build first: ./build.sh build." }
& dotnet $program @args
exit $LASTEXITCODE
