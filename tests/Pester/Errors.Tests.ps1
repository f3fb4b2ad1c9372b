# Every failure has an id that never changes, a category, and the next step.

Describe 'Errors' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver vfs
        $null = Import-ContainerImage $small | New-Container -Name c1
    }

    AfterAll {
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It '<command> fails with <id>' -ForEach @(
        @{ command = { New-Container small -Name c1 -ErrorAction Stop }; id = 'ContainerNameInUse' }
        @{ command = { New-Container small -Name '!' -ErrorAction Stop }; id = 'ContainerNameInvalid' }
        @{ command = { New-Container nobody -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ command = { Get-Container nobody -ErrorAction Stop }; id = 'ContainerNotFound' }
        @{ command = { Get-ContainerImage nobody -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ command = { Get-ContainerLayer 0000 -ErrorAction Stop }; id = 'LayerNotFound' }
        @{ command = { Dismount-Container c1 -ErrorAction Stop }; id = 'ContainerNotMounted' }
        @{ command = { Remove-ContainerImage small -Confirm:$false -ErrorAction Stop }; id = 'ImageInUse' }
        @{ command = { Import-ContainerImage /nowhere.tar -ErrorAction Stop }; id = 'ArchiveNotFound' }
        @{ command = { Import-ContainerImage /etc/passwd -ErrorAction Stop }; id = 'ArchiveUnrecognized' }
        @{ command = { Initialize-Storage -Driver overlay2 -ErrorAction Stop }; id = 'DriverMismatch' }
        @{ command = { Initialize-Storage -Root "$work/other" -Driver zip -ErrorAction Stop }; id = 'DriverUnknown' }
        @{ command = { Initialize-Storage -Root /etc/passwd -ErrorAction Stop }; id = 'StoreRootInvalid' }
    ) {
        $command | Should -Throw -ErrorId "$id,LayerStore.PS.Commands.*"
    }

    It 'names the thing and the next step' {
        $caught = $null
        try { Get-Container nobody -ErrorAction Stop } catch { $caught = $_ }
        $caught.TargetObject | Should -BeExactly 'nobody'
        "$($caught.CategoryInfo.Category)" | Should -BeExactly 'ObjectNotFound'
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        "$caught" | Should -Match 'nobody'
    }

    It 'goes on with the other names' {
        $found = Get-Container nobody, c1 -ErrorAction SilentlyContinue -ErrorVariable failures
        $found.Name | Should -BeExactly 'c1'
        $failures | Should -HaveCount 1
    }
}
