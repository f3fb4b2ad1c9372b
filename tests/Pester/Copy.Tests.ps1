# Files into and out of containers, as docker cp.

$ordinaryUser = [Environment]::UserName -ne 'root'

Describe 'Copy-ContainerFile on <driver>' -ForEach @(
    @{ driver = 'overlay2' }
    @{ driver = 'vfs' }
) -Skip:$ordinaryUser {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver $driver
        $null = Import-ContainerImage $small
        $null = New-Container small -Name web
        $folder = [IO.Path]::Combine($work, 'files')
        $null = [IO.Directory]::CreateDirectory([IO.Path]::Combine($folder, 'site'))
        [IO.File]::WriteAllText("$folder/site/index[1].html", 'hello')
        [IO.File]::WriteAllText("$folder/a.conf", 'a')
        [IO.File]::WriteAllText("$folder/b.conf", 'b')
    }

    AfterAll {
        Dismount-Container -All
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'copies into a container that is not mounted, and leaves nothing mounted' {
        Copy-ContainerFile web "$folder/site" /srv -ToContainer
        Get-ContainerMount | Should -BeNullOrEmpty
        @(Get-ContainerChange web | Where-Object Kind -eq Added | ForEach-Object Path) | Should -Be @('/srv', '/srv/index[1].html')
    }

    It 'copies out of it by names exactly as written' {
        Copy-ContainerFile web '/srv/index[1].html' "$folder/out.html"
        [IO.File]::ReadAllText("$folder/out.html") | Should -BeExactly 'hello'
    }

    It 'resolves wildcards of this machine and takes literal paths as they are' {
        $copies = Copy-ContainerFile web "$folder/*.conf" /etc -ToContainer -PassThru
        @($copies.FullName) | Should -Be @('/etc/a.conf', '/etc/b.conf')
        $literal = Copy-ContainerFile web -LiteralPath "$folder/site/index[1].html" -Destination /etc/ -ToContainer -PassThru
        $literal.FullName | Should -BeExactly '/etc/index[1].html'
        $literal.Size | Should -Be 5
    }

    It 'takes containers and files from the pipeline' {
        (Get-Container web | Copy-ContainerFile -Path /etc/a.conf -Destination "$folder/site/" -PassThru).FullName | Should -BeExactly "$folder/site/a.conf"
        $file = [IO.FileInfo]::new("$folder/b.conf")
        ($file | Copy-ContainerFile web -Destination /new.conf -ToContainer -PassThru).FullName | Should -BeExactly '/new.conf'
    }

    It 'works on a mounted container, and not against a read-only mount' {
        $mount = Mount-Container web -ReadOnly
        { Copy-ContainerFile web "$folder/a.conf" /x -ToContainer -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerMounted*'
        Copy-ContainerFile web /etc/b.conf "$folder/out.conf"
        [IO.File]::ReadAllText("$folder/out.conf") | Should -BeExactly 'b'
        $mount | Dismount-Container
    }

    It 'says what is missing' {
        { Copy-ContainerFile web /missing "$folder/x" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound*'
        { Copy-ContainerFile web "$folder/a.conf" /missing/ -ToContainer -ErrorAction Stop } | Should -Throw -ErrorId 'CopyTargetInvalid*'
        [IO.File]::Exists("$folder/x") | Should -BeFalse
    }

    It 'does nothing under -WhatIf' {
        Copy-ContainerFile web "$folder/a.conf" /whatif -ToContainer -WhatIf
        Copy-ContainerFile web /etc/a.conf "$folder/whatif" -WhatIf
        @(Get-ContainerChange web | Where-Object Path -eq '/whatif') | Should -HaveCount 0
        [IO.File]::Exists("$folder/whatif") | Should -BeFalse
    }
}
