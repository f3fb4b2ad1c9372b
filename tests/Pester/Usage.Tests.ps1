# What a store takes and what of it is not in use; images and layers on their way from store to store.

$ordinaryUser = [Environment]::UserName -ne 'root'

Describe 'Usage on <driver>' -Skip:$ordinaryUser -ForEach @(
    @{ driver = 'overlay2' }
    @{ driver = 'vfs' }
) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver $driver
        $null = Import-ContainerImage $small
        foreach ($name in 'c1', 'c2') {
            $mount = New-Container small -Name $name -Label "role=$name" | Mount-Container
            [IO.File]::WriteAllText("$mount/new", 'x' * 1000)
        }
        Dismount-Container c2
        $null = ConvertTo-ContainerImage c1 made:1
        Remove-ContainerImageTag made:1
    }

    AfterAll {
        Dismount-Container -All
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'has a row a kind, as docker system df' {
        $usage = @(Get-StorageUsage)
        "$($usage.Type)" | Should -BeExactly 'Images Containers Standalone Layers Local Volumes'
        "$($usage.Total)" | Should -BeExactly '2 2 0 0'
        "$($usage.Active)" | Should -BeExactly '1 1 0 0'
        "$($usage.Size)" | Should -BeExactly '1983337 2000 0 0'
        "$($usage.Reclaimable)" | Should -BeExactly '1000 1000 0 0'
    }

    It 'has a row an image and a container in detail' {
        $images = @(Get-StorageUsage Image -Detailed)
        "$($images.UniqueSize)" | Should -BeExactly '1000 0'
        "$($images.SharedSize)" | Should -BeExactly '1982337 1982337'
        "$(@(Get-StorageUsage Container -Detailed).SizeRw)" | Should -BeExactly '1000 1000'
    }

    It 'lists and sums up the others where somebody deleted a layer of one from the disk' {
        $root = "$work/damaged"
        Initialize-Storage -Root $root -Driver vfs
        $null = Import-ContainerImage $small -Root $root
        $null = New-Container small -Name broken -Root $root
        $null = New-Container small -Name fine -Root $root
        [IO.Directory]::Delete("$root/vfs/dir/$((Get-Container broken -Root $root).LayerId)", $true)
        $all = @(Get-Container -Size -Root $root -ErrorAction SilentlyContinue -ErrorVariable errors)
        "$($all.Name)" | Should -BeExactly 'fine broken'
        $all[0].SizeRw | Should -Be 0
        $all[1].SizeRw | Should -BeNullOrEmpty
        "$($errors.FullyQualifiedErrorId)" | Should -BeLike 'LayerNotFound*'
        @(Get-ContainerSize -Root $root -ErrorAction SilentlyContinue).Name | Should -BeExactly 'fine'
        @(Get-StorageUsage -Root $root -ErrorAction SilentlyContinue -ErrorVariable errors) | Should -HaveCount 4
        $errors | Should -HaveCount 1
        @(Get-StorageUsage Container -Detailed -Root $root -ErrorAction SilentlyContinue) | Should -HaveCount 2
        Remove-Container broken -Root $root -WhatIf
        @(Clear-UnusedStorage -All -Root $root -Confirm:$false).Name | Should -HaveCount 3
    }

    It 'clears what is not in use, and says what became free' {
        @(Clear-UnusedStorage -OlderThan 1h -Confirm:$false) | Should -BeNullOrEmpty
        @(Clear-UnusedStorage -Label role=c1 -Confirm:$false) | Should -BeNullOrEmpty
        $cleared = @(Clear-UnusedStorage -Confirm:$false -InformationVariable said)
        "$($cleared.Kind)" | Should -BeExactly 'Container Image'
        "$($cleared.Bytes)" | Should -BeExactly '1000 1000'
        "$said" | Should -BeExactly 'Total reclaimed space: 2kB'
        $said[0].Tags | Should -Be 'LayerStore'
        (Get-Container).Name | Should -BeExactly 'c1'
        (Get-ContainerImage).Reference | Should -BeExactly 'small:latest'
    }

    It 'copies an image to a store with another driver' {
        $other = if ($driver -eq 'vfs') { 'overlay2' } else { 'vfs' }
        $copy = Copy-ContainerImage small "$work/other" -DestinationDriver $other
        "$($copy.Id) $($copy.Root)" | Should -BeExactly "$((Get-ContainerImage small).Id) $work/other"
        (Get-StorageInfo -Root "$work/other").StorageDriver | Should -BeExactly $other
        { Copy-ContainerImage small "$work/other" -DestinationDriver $driver -ErrorAction Stop } | Should -Throw -ErrorId 'DriverMismatch*'
        { Copy-ContainerImage small $env:LAYERSTORE_ROOT -ErrorAction Stop } | Should -Throw -ErrorId 'ArgumentInvalid*'
    }

    It 'takes layers to another store, one by one, and lets them go' {
        $layers = "$work/layers"
        $archive = Get-ContainerLayer -Image small | Export-ContainerLayer -DestinationPath $work -Compression Gzip
        $archive.FullName | Should -BeLike '*.tar.gz'
        $layer = $archive | Import-ContainerLayer -Root $layers
        "$($layer.DiffId) $($layer.Kept) $($layer.RefCount)" | Should -BeExactly "$($archive.DiffId) True 0"
        $null = Import-ContainerImage $small -Root $layers
        { Remove-ContainerLayer $layer.Id -Root $layers -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'LayerInUse*'
        $null = Clear-UnusedStorage -All -Root $layers -Confirm:$false
        @(Get-ContainerLayer -Unreferenced -Root $layers).Id | Should -BeExactly $layer.Id
        (Get-ContainerLayer -Unreferenced -Root $layers | Remove-ContainerLayer -PassThru -Confirm:$false).Bytes | Should -Be 1982337
        Get-ContainerLayer -Root $layers | Should -BeNullOrEmpty
    }

    It 'filters changes by path and kind' {
        $mount = Mount-Container c1
        $null = [IO.Directory]::CreateDirectory("$mount/etc/conf")
        [IO.File]::Delete("$mount/etc/passwd")
        "$(Get-ContainerChange c1 -Path /etc)" | Should -BeExactly 'C /etc A /etc/conf D /etc/passwd'
        "$(Get-ContainerChange c1 -Path /etc, /new -Kind Added)" | Should -BeExactly 'A /etc/conf A /new'
        "$(Get-ContainerChange c1 -Path '*/p*')" | Should -BeExactly 'D /etc/passwd'
        Get-ContainerChange c1 -Path /ETC, /et | Should -BeNullOrEmpty
    }

    It 'exports a compressed tree' {
        $plain = Export-Container c1 "$work/plain.tar"
        $packed = Export-Container c1 -DestinationPath "$work/packed.tar.zst" -Compression Zstd
        $packed.Size | Should -BeLessThan $plain.Size
        $null = [IO.Directory]::CreateDirectory("$work/into")
        (Export-Container c1 "$work/into" -Compression Gzip).FullName | Should -BeExactly "$work/into/c1.tar.gz"
        (Export-Container c1 "$work/into").FullName | Should -BeExactly "$work/into/c1.tar"
        (Import-ContainerImage "$work/packed.tar.zst" -RootFs -Reference flat:1).Size | Should -Be (Import-ContainerImage "$work/plain.tar" -RootFs -Reference flat:2).Size
    }
}

Describe 'Durations' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver vfs
    }

    AfterAll {
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It '<text> is one' -ForEach @(@{ text = '7d' }, @{ text = '90s' }, @{ text = '1h30m' }, @{ text = '2w' }, @{ text = '1.00:00:00' }, @{ text = '1.5h' }) {
        # As it is typed: 7d and 90s are numbers to PowerShell.
        { & ([scriptblock]::Create("Clear-UnusedStorage -OlderThan $text -Confirm:`$false -ErrorAction Stop")) } | Should -Not -Throw
    }

    It '<text> is none' -ForEach @(@{ text = '7' }, @{ text = 'week' }, @{ text = '1h30' }, @{ text = "''" }, @{ text = '5y' }) {
        { & ([scriptblock]::Create("Clear-UnusedStorage -OlderThan $text -Confirm:`$false -ErrorAction Stop")) } | Should -Throw
    }
}
