# The configuration: what counts where a command says nothing, and how it is shown, changed, checked and moved.

Describe 'layerstore.yaml' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        $env:LAYERSTORE_ROOT = $null
        $file = [IO.Path]::Combine($work, 'layerstore.yaml')
        $env:LAYERSTORE_CONFIG = $file
        [IO.File]::WriteAllText($file, "# Ours.`nroot: $work/store # a disk of its own`ndriver: vfs`n")
    }

    AfterAll {
        $env:LAYERSTORE_CONFIG = '/dev/null'
        $env:LAYERSTORE_DRIVER = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'says which store and driver are meant' {
        (Import-ContainerImage $small).Root | Should -Be "$work/store"
        (Get-StorageInfo).StorageDriver | Should -Be 'vfs'
        $root = Get-StorageConfiguration root
        $root.Origin | Should -Be "${file}:2"
        $root.Source | Should -Be 'NamedFile'
    }

    It 'counts less than the environment, and that less than a parameter' {
        $env:LAYERSTORE_DRIVER = 'vfs'
        Set-StorageConfiguration driver btrfs
        try {
            (Get-StorageConfiguration driver).Origin | Should -Be '$env:LAYERSTORE_DRIVER'
            (Get-StorageInfo -Root "$work/other").Root | Should -Be "$work/other"
        }
        finally {
            $env:LAYERSTORE_DRIVER = $null
            Set-StorageConfiguration driver vfs
        }
    }

    It 'keeps its comments when a setting changes' {
        Set-StorageConfiguration -Setting @{ 'limits.maxEntries' = 5 }
        { Import-ContainerImage $small -Root "$work/limited" -ErrorAction Stop } | Should -Throw -ErrorId 'ArchiveLimitExceeded*'
        Set-StorageConfiguration limits.maxEntries $null
        [IO.File]::ReadAllText($file) | Should -BeExactly "# Ours.`nroot: $work/store # a disk of its own`ndriver: vfs`n"
    }

    It 'is left as it was by what is wrong, and by -WhatIf' {
        $before = [IO.File]::ReadAllText($file)
        { Set-StorageConfiguration driver overlay3 -ErrorAction Stop } | Should -Throw -ErrorId 'ConfigurationInvalid*'
        Set-StorageConfiguration driver overlay2 -WhatIf
        [IO.File]::ReadAllText($file) | Should -BeExactly $before
    }

    It 'is checked with line and column' {
        $problem = @(Test-StorageConfiguration -Text "driver: vfs`nlimits:`n  maxEntries: many`n")
        $problem | Should -HaveCount 1
        "$($problem[0].Line):$($problem[0].Column) $($problem[0].Setting)" | Should -Be '3:15 limits.maxEntries'
        Test-StorageConfiguration -Quiet | Should -BeTrue
    }

    It 'goes to another machine as <format>' -ForEach @(@{ format = 'Yaml' }, @{ format = 'Json' }) {
        $moved = [IO.Path]::Combine($work, "moved.$format".ToLowerInvariant())
        Export-StorageConfiguration $moved -Format $format
        $target = [IO.Path]::Combine($work, "target.$format")
        @(Import-StorageConfiguration $moved -DestinationPath $target -PassThru | ForEach-Object Name) -join ',' | Should -Be 'root,driver'
        Test-StorageConfiguration $target -Quiet | Should -BeTrue
    }

    It 'is described for editors in the module' {
        [IO.File]::ReadAllText([IO.Path]::Combine($module, 'LayerStore.schema.json')) | Should -Match '"driverOptions"'
    }
}
