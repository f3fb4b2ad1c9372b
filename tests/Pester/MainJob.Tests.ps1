# The main job, as a user types it. Runs with Pester 5 in pwsh, and with the small runner of tools/.

# Mounting needs root.
$ordinaryUser = [Environment]::UserName -ne 'root'

Describe 'The main job on <driver>' -Skip:$ordinaryUser -ForEach @(
    @{ driver = 'overlay2' }
    @{ driver = 'vfs' }
) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
    }

    AfterAll {
        Dismount-Container -All
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'looks at a root without making anything' {
        (Get-StorageInfo).Initialized | Should -BeFalse
        Get-Container | Should -BeNullOrEmpty
        [IO.Directory]::Exists($env:LAYERSTORE_ROOT) | Should -BeFalse
    }

    It 'makes a store with the driver that was asked for' {
        $info = Initialize-Storage -Driver $driver -PassThru
        $info.StorageDriver | Should -BeExactly $driver
        $info.Initialized | Should -BeTrue
        $info.Root | Should -BeExactly $env:LAYERSTORE_ROOT
    }

    It 'imports an image that docker save wrote' {
        $image = Import-ContainerImage $small
        $image | Should -HaveCount 1
        $image.Reference | Should -BeExactly 'small:latest'
        $image.Size | Should -Be 1982337
        $image.Id | Should -BeLike 'sha256:8a86c9c7acf7*'
    }

    It 'shows how the image was made' {
        $history = @(Get-ContainerImageHistory small)
        $history | Should -HaveCount 2
        $history[0].CreatedBy | Should -Match 'CMD \["sh"\]'
        $history[1].Image | Should -BeExactly '<missing>'
        $history[1].Size | Should -Be 1982337
    }

    It 'makes two containers on the one layer' {
        New-Container small -Name first -Label role=web
        Get-ContainerImage small | New-Container -Name second
        (Get-Container).Name | Should -Be @('second', 'first')
        (Get-Container -Label role=web).Name | Should -BeExactly 'first'
        (Get-StorageInfo).Layers | Should -Be 1
        (Get-ContainerLayer).RefCount | Should -BeGreaterThan 1
    }

    It 'mounts them, and neither sees what the other changes' {
        $one = Mount-Container first
        $two = Mount-Container second
        [IO.File]::AppendAllText("$one/etc/passwd", "new:x:1:1::/:/bin/sh`n")
        [IO.File]::WriteAllBytes("$two/root/big", [byte[]]::new(50000000))
        [IO.File]::Exists("$one/root/big") | Should -BeFalse
        [IO.FileInfo]::new("$two/etc/passwd").Length | Should -Be 71
        (Get-Container -State Mounted).Name | Should -Contain 'first'
        @(Get-ContainerMount) | Should -HaveCount 2
    }

    It 'refuses to remove what is mounted or used' {
        { Remove-Container first -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerMounted*'
        { Remove-ContainerImage small -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ImageInUse*'
    }

    It 'unmounts what Mount-Container emitted' {
        (Get-ContainerMount | Dismount-Container -PassThru).State | Should -Be @('Created', 'Created')
        Get-ContainerMount | Should -BeNullOrEmpty
    }

    It 'says what docker ps -s would say' {
        $sizes = Get-Container -Size
        ($sizes | Where-Object Name -EQ first).SizeRw | Should -Be 92
        ($sizes | Where-Object Name -EQ second).SizeRw | Should -Be 50000000
        ($sizes | Where-Object Name -EQ second).SizeRootFs | Should -Be 51982337
        "$(Get-ContainerSize second)" | Should -BeExactly '50MB (virtual 52MB)'
        (Get-ContainerImage small).Size | Should -Be 1982337
    }

    It 'renames and finds by id' {
        $id = (Get-Container first).Id
        Rename-Container first web
        (Get-Container $id).Name | Should -BeExactly 'web'
        (Get-Container $id.Substring(0, 12)).Name | Should -BeExactly 'web'
        Get-Container 'nobody*' | Should -BeNullOrEmpty
        { Get-Container first -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
    }

    It 'touches nothing with -WhatIf' {
        Get-Container | Remove-Container -WhatIf
        New-Container small -Name never -WhatIf
        @(Get-Container) | Should -HaveCount 2
    }

    It 'gives names and takes them away' {
        (Add-ContainerImageTag small registry.example.com/base/small:1.0 -PassThru).Repository | Should -BeExactly 'registry.example.com/base/small'
        @(Get-ContainerImage) | Should -HaveCount 2
        Remove-ContainerImageTag registry.example.com/base/small:1.0
        (Get-ContainerImage).Reference | Should -BeExactly 'small:latest'
    }

    It 'removes containers, image and layer, and nothing is left' {
        Get-Container | Remove-Container -Confirm:$false
        $removed = Remove-ContainerImage small -Confirm:$false -PassThru
        $removed.Type | Should -Be @('Reference', 'Image', 'Layer')
        $info = Get-StorageInfo
        $info.Containers | Should -Be 0
        $info.Images | Should -Be 0
        $info.Layers | Should -Be 0
    }
}
