#!/bin/sh
# Builds the benchmark and runs it: bench/run.sh [ROW ...] [options]; see bench/README.md.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
dotnet build "$here/LayerStore.Bench" --configuration Release --nologo --verbosity quiet
exec dotnet "$here/LayerStore.Bench/bin/Release/net10.0/LayerStore.Bench.dll" "$@"
