# What dockerd 20.10.24 said of containers that were changed in the same way: bytes, and the text of docker ps -as.

$ordinaryUser = [Environment]::UserName -ne 'root'

Describe 'Sizes on <driver>' -Skip:$ordinaryUser -ForEach @(
    @{ driver = 'overlay2' }
    @{ driver = 'vfs' }
) {
    BeforeAll {
        $module = if ($env:LAYERSTORE_MODULE) { $env:LAYERSTORE_MODULE } else { [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'out', 'LayerStore')) }
        Import-Module $module
        $small = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', 'LayerStore.Core.Tests', 'data', 'small.tar'))
        $work = [IO.Directory]::CreateTempSubdirectory('layerstore-pester-').FullName
        $env:LAYERSTORE_ROOT = [IO.Path]::Combine($work, 'store')
        Initialize-Storage -Driver $driver
        $null = Import-ContainerImage $small
    }

    AfterAll {
        Dismount-Container -All
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It '<name> is <text>' -ForEach @(
        @{ name = 'c-created'; script = 'true'; bytes = 0; text = '0B (virtual 1.98MB)' }
        @{ name = 'c-1m'; script = 'dd if=/dev/zero of=root/f bs=1024 count=1024 2>/dev/null'; bytes = 1048576; text = '1.05MB (virtual 3.03MB)' }
        @{ name = 'c-sparse'; script = 'dd if=/dev/zero of=root/f bs=1 count=1 seek=10485759 2>/dev/null'; bytes = 10485760; text = '10.5MB (virtual 12.5MB)' }
        @{ name = 'c-hardlink'; script = 'head -c 1000000 /dev/zero > root/f; ln root/f root/g; ln root/f root/h'; bytes = 1000000; text = '1MB (virtual 2.98MB)' }
        @{ name = 'c-symlink'; script = 'ln -s /etc/passwd root/sl; ln -s aaaaaaaaaa root/sl2'; bytes = 21; text = '21B (virtual 1.98MB)' }
        @{ name = 'c-deleted'; script = 'rm etc/passwd; rm -r home'; bytes = 0; text = '0B (virtual 1.98MB)' }
        @{ name = 'c-chmod'; script = 'chmod 600 etc/passwd; touch etc/group'; bytes = 81; text = '81B (virtual 1.98MB)' }
        @{ name = 'c-10k'; script = 'cd root; for d in 0 1 2 3 4 5 6 7 8 9; do mkdir $d; i=0; while [ $i -lt 1000 ]; do echo "file $d $i" > $d/f$i; i=$((i+1)); done; done'; bytes = 108900; text = '109kB (virtual 2.09MB)' }
        @{ name = 'c-mkdir'; script = 'mkdir -p root/a/b/c; mkfifo root/fifo; mknod root/null c 1 3'; bytes = 0; text = '0B (virtual 1.98MB)' }
        @{ name = 'c-rename'; script = 'mv etc/passwd etc/passwd2; rm -rf home; mkdir home; echo x > home/x'; bytes = 73; text = '73B (virtual 1.98MB)' }
    ) {
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
