# Dot-sourced by scripts of the tests: the functions of build.ps1's tasks Package and Publish, for a checkout at $root.
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
function Say([string] $Text = '') { $Host.UI.WriteLine($Text) }
function Path([string[]] $Parts) { [IO.Path]::Combine([string[]](@($root) + $Parts)) }
foreach ($part in 'Package', 'Publish') { . ([IO.Path]::Combine($repository, 'tools', 'build', "$part.ps1")) }
