@{
    RootModule           = 'LayerStore.PS.dll'
    NestedModules        = @('LayerStore.Loader.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '6b0b8e6c-6f0c-4a67-9d6a-0f3c0b7c7a51'
    Author               = 'The LayerStore authors'
    CompanyName          = 'LayerStore'
    Copyright            = '(c) The LayerStore authors. MIT licence.'
    Description          = 'Container image layers without a daemon: import images, create containers with a writable layer, mount them, and see what docker ps -s would show.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FunctionsToExport    = @()
    FormatsToProcess     = @('LayerStore.Format.ps1xml')
    TypesToProcess       = @('LayerStore.Types.ps1xml')
    CmdletsToExport      = @(
        'Add-ContainerImageTag'
        'Clear-UnusedStorage'
        'Compare-ContainerLayer'
        'ConvertTo-ContainerImage'
        'Copy-ContainerFile'
        'Copy-ContainerImage'
        'Dismount-Container'
        'Export-Container'
        'Export-ContainerImage'
        'Export-ContainerLayer'
        'Export-ContainerVolume'
        'Export-StorageConfiguration'
        'Get-Container'
        'Get-ContainerChange'
        'Get-ContainerImage'
        'Get-ContainerImageHistory'
        'Get-ContainerLayer'
        'Get-ContainerMount'
        'Get-ContainerSize'
        'Get-ContainerVolume'
        'Get-StorageConfiguration'
        'Get-StorageDriver'
        'Get-StorageInfo'
        'Get-StorageRecommendation'
        'Get-StorageUsage'
        'Import-ContainerImage'
        'Import-ContainerLayer'
        'Import-ContainerVolume'
        'Import-StorageConfiguration'
        'Initialize-Storage'
        'Measure-StorageDriver'
        'Mount-Container'
        'New-Container'
        'New-ContainerVolume'
        'Remove-Container'
        'Remove-ContainerImage'
        'Remove-ContainerImageTag'
        'Remove-ContainerLayer'
        'Remove-ContainerVolume'
        'Rename-Container'
        'Request-ContainerImage'
        'Set-StorageConfiguration'
        'Submit-ContainerImage'
        'Test-StorageConfiguration'
        'Test-StorageDriver'
    )
    VariablesToExport    = @()
    AliasesToExport      = @('Benchmark-StorageDriver', 'Commit-Container', 'Load-ContainerImage', 'Prune-Storage', 'Pull-ContainerImage', 'Push-ContainerImage', 'Save-ContainerImage', 'Tag-ContainerImage')
    PrivateData          = @{
        PSData = @{
            Tags         = @('PSEdition_Core', 'Linux', 'MacOS', 'Windows', 'container', 'docker', 'oci', 'image', 'layer', 'overlayfs', 'storage')
            # The project's address: Publish refuses where it is not that of the checkout's origin.
            ProjectUri   = 'https://github.com/LayerStore/LayerStore'
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            IconUri      = 'https://raw.githubusercontent.com/LayerStore/LayerStore/main/docs/icon.png'
            # Package puts the version's part of CHANGELOG.md here.
            ReleaseNotes = ''
        }
    }
}
