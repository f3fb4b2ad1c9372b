# Volumes: files that outlive containers.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Import-LayerStore.ps1'))
}

Describe 'Volumes' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver vfs
    }

    AfterAll {
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'makes a volume for each name and lists them by name' {
        'web', 'db' | New-ContainerVolume -Label 'keep=yes' | ForEach-Object Name | Should -Be 'web', 'db'
        (Get-ContainerVolume).Name | Should -Be 'db', 'web'
        "$(Get-ContainerVolume d*)" | Should -BeExactly 'db'
        (Get-ContainerVolume -Label keep=no) | Should -BeNullOrEmpty
    }

    It 'gives a volume that is there as it is' {
        (New-ContainerVolume db).Created | Should -Be (Get-ContainerVolume db).Created
        { New-ContainerVolume db -Label keep=no -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeExists*'
    }

    It 'measures only when asked' {
        [IO.File]::WriteAllText("$((Get-ContainerVolume db).Mountpoint)/rows", '12345')
        (Get-ContainerVolume db).Size | Should -BeNullOrEmpty
        (Get-ContainerVolume db -Size).Size | Should -Be 5
    }

    It 'comes back from a backup' {
        $archives = @(Get-ContainerVolume | Export-ContainerVolume -Path $work -Compression Gzip)
        $archives.VolumeName | Should -Be 'db', 'web'
        $archives[0].FullName | Should -BeLike '*/db.tar.gz'
        Remove-ContainerVolume * -Confirm:$false
        Get-ContainerVolume | Should -BeNullOrEmpty
        ($archives | ForEach-Object { Import-ContainerVolume $_.FullName }).Name | Should -Be 'db', 'web'
        [IO.File]::ReadAllText("$((Get-ContainerVolume db).Mountpoint)/rows") | Should -Be '12345'
        { Import-ContainerVolume $archives[0].FullName -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeNotEmpty*'
    }

    It 'removes without a question only where that is said' {
        (Remove-ContainerVolume web -Confirm:$false -PassThru).Name | Should -Be 'web'
        { Get-ContainerVolume web -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeNotFound*'
    }
}
