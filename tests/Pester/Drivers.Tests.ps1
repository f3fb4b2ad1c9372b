# Choosing a driver: what works here, what a store has, and what each check found.

Describe 'Choosing a driver' {
    BeforeAll {
        $module = if ($env:LAYERSTORE_MODULE) { $env:LAYERSTORE_MODULE } else { [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'LayerStore')) }
        Import-Module $module
        $work = [IO.Directory]::CreateTempSubdirectory('layerstore-pester-').FullName
        $env:LAYERSTORE_ROOT = [IO.Path]::Combine($work, 'store')
    }

    AfterAll {
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'lists every driver with its checks and makes nothing' {
        $drivers = @(Get-StorageDriver)
        @($drivers | ForEach-Object Name) | Should -Contain 'overlay2'
        @($drivers | ForEach-Object Name) | Should -Contain 'vfs'
        foreach ($driver in $drivers) {
            $driver.Checks.Count | Should -BeGreaterThan 0
            $driver.Reason | Should -Not -BeNullOrEmpty
            foreach ($check in $driver.Checks) {
                $check.Evidence | Should -Not -BeNullOrEmpty
                $driver.Supported | Should -Be (-not @($driver.Checks | Where-Object { $_.Required -and -not $_.Passed }).Count)
            }
        }
        @([IO.Directory]::GetFileSystemEntries($work)) | Should -HaveCount 0
    }

    It 'has exactly one default, which is what a store gets' {
        $default = @(Get-StorageDriver -Supported | Where-Object IsDefault)
        $default | Should -HaveCount 1
        (Get-StorageInfo).StorageDriver | Should -Be $default[0].Name
    }

    It 'finds drivers by wildcard and refuses names that no driver has' {
        @(Get-StorageDriver V*)[0].Name | Should -Be 'vfs'
        @(Get-StorageDriver 'nothing*') | Should -HaveCount 0
        { Get-StorageDriver nothing -ErrorAction Stop } | Should -Throw -ErrorId 'DriverUnknown*'
    }

    It 'says the checks of a directory, or one truth' {
        $checks = @(Test-StorageDriver $work vfs)
        @($checks | ForEach-Object Check) | Should -Contain 'writable'
        @($checks | Where-Object Driver -ne vfs) | Should -HaveCount 0
        Test-StorageDriver $work vfs -Quiet | Should -BeTrue
        Test-StorageDriver "$work/missing" vfs -Quiet | Should -BeFalse
        @(Get-StorageDriver vfs -Root $work | Test-StorageDriver | ForEach-Object Path)[0] | Should -Be $work
        @([IO.Directory]::GetFileSystemEntries($work)) | Should -HaveCount 0
    }

    It 'keeps to the driver of a store' {
        Initialize-Storage -Driver vfs
        (Get-StorageDriver vfs).IsDefault | Should -BeTrue
        (Get-StorageDriver vfs).HoldsData | Should -BeTrue
        @(Get-StorageDriver | Where-Object IsDefault) | Should -HaveCount 1
        { Initialize-Storage -Driver overlay2 -ErrorAction Stop } | Should -Throw -ErrorId 'DriverMismatch*'
        [IO.File]::Delete("$env:LAYERSTORE_ROOT/metadata.db")
        foreach ($driver in 'vfs', 'overlay2') { $null = [IO.Directory]::CreateDirectory("$env:LAYERSTORE_ROOT/$driver/layer/diff") }
        { Initialize-Storage -ErrorAction Stop } | Should -Throw -ErrorId 'DriverAmbiguous*'
        Initialize-Storage -Driver vfs
        (Get-StorageInfo).StorageDriver | Should -Be 'vfs'
    }

    It 'knows what is allocated to a container, or says nothing' {
        $null = New-Container -Empty -Name c1
        $allocated = @(Get-ContainerSize -Allocated)
        $allocated | Should -HaveCount 1
        $allocated[0].Name | Should -Be 'c1'
        (Get-Container c1 | Get-ContainerSize -Allocated).Id | Should -Be $allocated[0].Id
    }
}
