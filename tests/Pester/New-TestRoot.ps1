# Dot-sourced by the test files: imports the module and makes $work, a folder that the file removes at its end, with the store's root in it; $small is an image's archive.
. ([IO.Path]::Combine($PSScriptRoot, 'Import-LayerStore.ps1'))
$small = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', 'LayerStore.Core.Tests', 'data', 'small.tar'))
$work = [IO.Directory]::CreateTempSubdirectory('layerstore-pester-').FullName
$env:LAYERSTORE_ROOT = [IO.Path]::Combine($work, 'store')
