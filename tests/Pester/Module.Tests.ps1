# The module as it is installed.

Describe 'The module' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Import-LayerStore.ps1'))
    }

    It 'has a valid manifest' {
        $manifest = Test-ModuleManifest ([IO.Path]::Combine($module, 'LayerStore.psd1'))
        $manifest.Name | Should -BeExactly 'LayerStore'
        $manifest.ExportedFunctions.Count | Should -Be 0
    }

    It 'exports <_>' -ForEach @(
        'Get-StorageInfo', 'Initialize-Storage', 'Import-ContainerImage', 'Export-ContainerImage', 'Request-ContainerImage', 'Pull-ContainerImage', 'Submit-ContainerImage', 'Push-ContainerImage', 'Save-ContainerImage', 'ConvertTo-ContainerImage', 'Compare-ContainerLayer', 'Commit-Container', 'Get-ContainerChange', 'Export-Container', 'Copy-ContainerFile', 'Get-ContainerImage', 'Get-ContainerImageHistory', 'Remove-ContainerImage',
        'Add-ContainerImageTag', 'Remove-ContainerImageTag', 'Get-ContainerLayer', 'New-Container', 'Get-Container', 'Get-ContainerSize', 'Mount-Container',
        'Dismount-Container', 'Get-ContainerMount', 'Rename-Container', 'Remove-Container', 'Load-ContainerImage', 'Tag-ContainerImage'
    ) {
        Get-Command $_ -Module LayerStore | Should -HaveCount 1
    }

    It 'has help for each command' {
        foreach ($command in Get-Command -Module LayerStore -CommandType Cmdlet) {
            (Get-Help $command.Name).Synopsis | Should -Not -BeNullOrEmpty
        }
        "$(Get-Help about_LayerStore)" | Should -Match 'docker ps'
    }

    It 'lets type names of the model be written' {
        [LayerStore.Container].Name | Should -BeExactly 'Container'
        [LayerStore.ByteSize]::Format(1982337) | Should -BeExactly '1.98MB'
    }
}
