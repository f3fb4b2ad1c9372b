# The sizes of containers on each driver that works here are those of dockerd 20.10.24.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'docs', 'demo-sizes.ps1'))
    $golden = @(Get-GoldenContainer)
    . ([IO.Path]::Combine($PSScriptRoot, 'Import-LayerStore.ps1'))
    # devicemapper makes a pool, which takes its time: it has its turn with the conformance tests.
    $drivers = @(Get-StorageDriver -Supported -Root ([IO.Path]::Combine([IO.Path]::GetTempPath(), 'store')) | Where-Object Name -ne devicemapper | ForEach-Object { @{ driver = $_.Name } })
    # btrfs gets a file system of its own.
    $drivers = @($drivers | Where-Object { $_.driver -ne 'btrfs' }) + @{ driver = 'btrfs' }
    $ordinaryUser = [Environment]::UserName -ne 'root'
}

Describe 'Sizes on <driver>' -Skip:$ordinaryUser -ForEach $drivers {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        if ($driver -eq 'btrfs') {
            & sh -ec "truncate -s 1G '$work.img'; mkfs.btrfs -q -f -K '$work.img'; mount -o loop '$work.img' '$work'" 2>$null
            $LASTEXITCODE | Should -Be 0
        }
        Initialize-Storage -Driver $driver
        $null = Import-ContainerImage $small
    }

    AfterAll {
        Dismount-Container -All
        $env:LAYERSTORE_ROOT = $null
        if ($driver -eq 'btrfs') {
            # The database stays open a moment for the session's next command.
            & sh -c "for try in 1 2 3 4 5 6 7 8 9; do umount '$work' 2>/dev/null && break; sleep 0.5; done; rm -f '$work.img'"
        }
        [IO.Directory]::Delete($work, $true)
    }

    It '<name> is <text>' -ForEach $golden {
        $mount = New-Container small -Name $name | Mount-Container
        & sh -ec "cd '$mount'; $script"
        $LASTEXITCODE | Should -Be 0
        $mount | Dismount-Container

        $size = Get-ContainerSize $name
        $size.SizeRw | Should -Be $bytes
        $size.SizeRootFs | Should -Be (1982337 + $bytes)
        "$size" | Should -BeExactly $text
    }

    It 'lists all of them with the same sizes' {
        $container = Get-Container c-chmod -Size
        $container.SizeRw | Should -Be 81
        $container.psobject.TypeNames | Should -Contain 'LayerStore.Container#Size'
        @(Get-Container -Size) | Should -HaveCount 10
    }
}
