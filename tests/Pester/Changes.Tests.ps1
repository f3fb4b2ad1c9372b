# What dockerd 20.10.24 said of containers that were changed in the same way: the lines of docker diff, whose order means nothing.

$ordinaryUser = [Environment]::UserName -ne 'root'

Describe 'Changes on <driver>' -Skip:$ordinaryUser -ForEach @(
    @{ driver = 'overlay2' }
    @{ driver = 'vfs' }
) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver $driver
        $null = Import-ContainerImage $small
    }

    AfterAll {
        Dismount-Container -All
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It '<name> has the lines of docker diff' -ForEach @(
        @{ name = 'c-created'; script = 'true'; lines = @() }
        @{ name = 'c-1m'; script = 'dd if=/dev/zero of=root/f bs=1024 count=1024 2>/dev/null'; lines = 'A /root/f', 'C /root' }
        @{ name = 'c-sparse'; script = 'dd if=/dev/zero of=root/f bs=1 count=1 seek=10485759 2>/dev/null'; lines = 'A /root/f', 'C /root' }
        @{ name = 'c-hardlink'; script = 'head -c 1000000 /dev/zero > root/f; ln root/f root/g; ln root/f root/h'; lines = 'A /root/f', 'A /root/g', 'A /root/h', 'C /root' }
        @{ name = 'c-symlink'; script = 'ln -s /etc/passwd root/sl; ln -s aaaaaaaaaa root/sl2'; lines = 'A /root/sl', 'A /root/sl2', 'C /root' }
        @{ name = 'c-deleted'; script = 'rm etc/passwd; rm -r home'; lines = 'C /etc', 'D /etc/passwd', 'D /home' }
        @{ name = 'c-chmod'; script = 'chmod 600 etc/passwd; touch etc/group'; lines = 'C /etc', 'C /etc/group', 'C /etc/passwd' }
        @{ name = 'c-mkdir'; script = 'mkdir -p root/a/b/c; mkfifo root/fifo; mknod root/null c 1 3'; lines = 'A /root/a', 'A /root/a/b', 'A /root/a/b/c', 'A /root/fifo', 'A /root/null', 'C /root' }
        @{ name = 'c-rename'; script = 'mv etc/passwd etc/passwd2; rm -rf home; mkdir home; echo x > home/x'; lines = 'A /etc/passwd2', 'A /home/x', 'C /etc', 'C /home', 'D /etc/passwd' }
    ) {
        $mount = New-Container small -Name $name | Mount-Container
        & sh -ec "cd '$mount'; $script"
        $LASTEXITCODE | Should -Be 0
        $mount | Dismount-Container

        $actual = [string[]]@(Get-ContainerChange $name | ForEach-Object { "$_" })
        [Array]::Sort($actual, [StringComparer]::Ordinal)
        "$actual" | Should -BeExactly "$lines"
    }

    It 'c-10k has 10,000 files, 10 directories and the one that they are in' {
        $mount = New-Container small -Name c-10k | Mount-Container
        & sh -ec "cd '$mount/root'; for d in 0 1 2 3 4 5 6 7 8 9; do mkdir `$d; i=0; while [ `$i -lt 1000 ]; do echo `"file `$d `$i`" > `$d/f`$i; i=`$((i+1)); done; done"
        $mount | Dismount-Container
        $changes = Get-ContainerChange c-10k
        $changes | Should -HaveCount 10011
        @($changes | Where-Object Kind -ne Added | ForEach-Object Path) | Should -Be @('/root')
        "$($changes[1])" | Should -BeExactly 'A /root/0'
    }

    It 'makes an image that has no changes any more' {
        $image = Commit-Container c-rename made:1 -Message 'renamed' -Author me -Change 'LABEL k=v'
        $image.LayerCount | Should -Be 2
        $image.Labels['k'] | Should -BeExactly 'v'
        (Get-ContainerImageHistory made:1)[0].Comment | Should -BeExactly 'renamed'
        $container = New-Container made:1 -Name c-made
        Get-ContainerChange c-made | Should -BeNullOrEmpty
        $path = Mount-Container c-made
        [IO.File]::ReadAllText("$path/home/x") | Should -BeExactly "x`n"
        [IO.File]::Exists("$path/etc/passwd") | Should -BeFalse
        Dismount-Container c-made
    }

    It 'compares images and layers' {
        "$(Compare-ContainerLayer small made:1)" | Should -BeExactly 'C /etc D /etc/passwd A /etc/passwd2 C /home A /home/x'
        "$(Compare-ContainerLayer made:1 small)" | Should -BeExactly 'C /etc A /etc/passwd D /etc/passwd2 C /home D /home/x'
        $layers = Get-ContainerLayer -Image made:1
        @($layers | Compare-ContainerLayer $layers[0].Id) | Should -HaveCount 5
        { Compare-ContainerLayer small nothing -ErrorAction Stop } | Should -Throw -ErrorId 'LayerNotFound*'
    }

    It 'flattens a container' {
        $image = Export-Container c-rename "$work/flat.tar" | Import-ContainerImage -RootFs -Reference flat:1
        $image.LayerCount | Should -Be 1
        $image.Reference | Should -BeExactly 'flat:1'
    }
}
