# Dot-sourced by the test files: imports the module that is tested, the one that was built or the one that $env:LAYERSTORE_MODULE names; $module is its folder.
$module = if ($env:LAYERSTORE_MODULE) { $env:LAYERSTORE_MODULE } else { [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'LayerStore')) }
Import-Module ([IO.Path]::Combine($module, 'LayerStore.psd1'))
# What this machine's administrators and users configured is not what is tested.
$env:LAYERSTORE_CONFIG = '/dev/null'
$env:LAYERSTORE_DRIVER = $null
