# Choosing a driver: what works here, what a store has, and what each check found.

Describe 'Choosing a driver' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
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

    It 'says more of a store on demand, and of a root without one what its disk says' {
        $null = New-Container -Empty -Name c2
        (Get-StorageInfo).DiskTotal | Should -BeNullOrEmpty
        $info = Get-StorageInfo -Detailed
        $info.Features | Should -Contain 'MountFree'
        $info.LayerBytes | Should -Be 0
        $info.DiskAvailable | Should -BeGreaterThan 0
        $info.DiskTotal | Should -BeGreaterThan $info.DiskAvailable
        $nothing = Get-StorageInfo "$work/nothing" -Detailed
        $nothing.Features | Should -BeNullOrEmpty
        $nothing.DiskTotal | Should -Be $info.DiskTotal
    }

    It 'recommends drivers that work, with reasons, and on demand the others' {
        $ranked = @(Get-StorageRecommendation)
        @($ranked | ForEach-Object Rank) | Should -Be @(1..$ranked.Count)
        @($ranked | Where-Object { -not $_.Supported }) | Should -HaveCount 0
        foreach ($workload in [enum]::GetNames([LayerStore.StorageWorkload])) {
            $all = @(Get-StorageRecommendation $workload -All)
            $all | Should -HaveCount @(Get-StorageDriver).Count
            @($all | Where-Object Workload -ne $workload) | Should -HaveCount 0
            @($all | Where-Object { -not $_.Supported -and -not $_.Caveat.Count }) | Should -HaveCount 0
        }
        @(Get-StorageRecommendation Rootless)[0].Driver | Should -Be 'vfs'
        @(Get-StorageRecommendation Build -Rootless).Driver | Should -Be 'vfs'
        { Get-StorageRecommendation Sleeping -ErrorAction Stop } | Should -Throw
    }

    It 'measures in a directory, draws a picture, and leaves nothing else' {
        $place = [IO.Directory]::CreateDirectory("$work/disk").FullName
        $few = @{ Path = $place; Iteration = 2; FileCount = 5; BigFileSize = '10KB'; ContainerCount = 2 }
        Measure-StorageDriver @few -WhatIf
        @([IO.Directory]::GetFileSystemEntries($place)) | Should -HaveCount 0

        $rows = @(Measure-StorageDriver vfs @few -ChartPath "$work/drivers.svg")
        $rows | Should -HaveCount 11
        @($rows | Where-Object Driver -ne vfs) | Should -HaveCount 0
        foreach ($row in $rows) {
            $row.Iterations | Should -Be 2
            $row.P95 | Should -BeGreaterOrEqual $row.Median
        }
        $picture = [xml] [IO.File]::ReadAllText("$work/drivers.svg")
        $picture.DocumentElement.LocalName | Should -Be 'svg'
        @([IO.Directory]::GetFileSystemEntries($place)) | Should -HaveCount 0

        { Measure-StorageDriver vfs @few -ChartPath "$work/drivers.svg" -ErrorAction Stop } | Should -Throw -ErrorId 'PathInvalid*'
        { Measure-StorageDriver vfs @few -ChartPath "$work/drivers.png" -ErrorAction Stop } | Should -Throw '*drawn as SVG*' -ErrorId 'PathInvalid*'
        @(Get-StorageDriver vfs | Benchmark-StorageDriver @few -Workload MountContainer -ChartPath "$work/drivers.svg" -Force) | Should -HaveCount 1
        { Measure-StorageDriver vfs -Path "$work/missing" -ErrorAction Stop } | Should -Throw -ErrorId 'PathInvalid*'
        $null = Measure-StorageDriver -Path "$work/missing" -ErrorAction SilentlyContinue -ErrorVariable refused
        @($refused) | Should -HaveCount 1
        { Measure-StorageDriver nothing -ErrorAction Stop } | Should -Throw -ErrorId 'DriverUnknown*'
    }
}
