# Images leave the store as they came in.

Describe 'Export-ContainerImage' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver vfs
        $image = Import-ContainerImage $small
    }

    AfterAll {
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'writes <format> with <compression> layers, which another store imports as the same image' -ForEach @(
        @{ format = 'DockerArchive'; compression = 'None' }
        @{ format = 'DockerArchive'; compression = 'Gzip' }
        @{ format = 'OciArchive'; compression = 'Zstd' }
        @{ format = 'OciLayout'; compression = 'None' }
    ) {
        $archive = Export-ContainerImage small "$work/$format-$compression" -Format $format -Compression $compression
        $archive.LayerCount | Should -Be 1
        $archive.Images | Should -Be @('small:latest')
        $again = $archive | Import-ContainerImage -Root "$work/other-$format-$compression"
        $again.Id | Should -BeExactly $image.Id
        $again.Reference | Should -BeExactly 'small:latest'
    }

    It 'replaces a file only with -Force' {
        Export-ContainerImage small "$work/x.tar"
        { Export-ContainerImage small "$work/x.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'ExportPathExists*'
        $before = [Convert]::ToHexString([IO.File]::ReadAllBytes("$work/x.tar"))
        Save-ContainerImage small "$work/x.tar" -Force
        [Convert]::ToHexString([IO.File]::ReadAllBytes("$work/x.tar")) | Should -BeExactly $before
    }

    It 'writes nothing under -WhatIf' {
        Export-ContainerImage small "$work/never.tar" -WhatIf
        [IO.File]::Exists("$work/never.tar") | Should -BeFalse
    }
}
