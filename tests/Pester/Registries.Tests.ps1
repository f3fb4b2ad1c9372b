# Images come from a registry: Debian's docker-registry, on a port of loopback.

BeforeDiscovery {
    $missing = foreach ($tool in 'docker-registry', 'skopeo') {
        if (-not ("$env:PATH" -split ':' | Where-Object { [IO.File]::Exists([IO.Path]::Combine($_, $tool)) })) { $tool }
    }
    if ($missing) { [Console]::Error.WriteLine("Left out of Registries.Tests.ps1, because it is not installed: $($missing -join ', ')") }
}

Describe 'Request-ContainerImage' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        Initialize-Storage -Driver vfs
    }

    AfterAll {
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It '<command> fails with <id>' -ForEach @(
        @{ command = { Request-ContainerImage localhost:1/app -ErrorAction Stop }; id = 'RegistryUnreachable' }
        @{ command = { Pull-ContainerImage localhost:1/app -CertificateAuthority /etc/hosts -ErrorAction Stop }; id = 'RegistryTlsFailed' }
        @{ command = { Request-ContainerImage localhost:1/APP -ErrorAction Stop }; id = 'ReferenceInvalid' }
        @{ command = { Submit-ContainerImage nobody:1 -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ command = { Request-ContainerImage localhost:1/app -Mirror 'a b' -ErrorAction Stop }; id = 'ArgumentInvalid' }
    ) {
        $command | Should -Throw -ErrorId "$id,LayerStore.PS.Commands.*"
    }

    It 'pulls what skopeo pushed, and makes a container of it' -Skip:([bool] $missing) {
        $free = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $free.Start()
        $registry = "localhost:$($free.LocalEndpoint.Port)"
        $free.Stop()
        [IO.File]::WriteAllText("$work/registry.yml", "version: 0.1`nlog: { level: error }`nstorage: { filesystem: { rootdirectory: $work/registry } }`nhttp: { addr: '$registry' }`n")
        $start = [Diagnostics.ProcessStartInfo]::new('docker-registry', [string[]]('serve', "$work/registry.yml"))
        $start.RedirectStandardError = $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        try {
            # It retries while the registry starts.
            & skopeo --insecure-policy copy -q --retry-times 4 --dest-tls-verify=false "docker-archive:$small" "docker://$registry/small:1" *> $null
            $LASTEXITCODE | Should -Be 0
            $image = Pull-ContainerImage "$registry/small:1"
            $image.Reference | Should -BeExactly "$registry/small:1"
            $image.Size | Should -BeGreaterThan 1900000
            ($image | New-Container).Image | Should -BeExactly "$registry/small:1"
            # Once more brings nothing new.
            ($image | Request-ContainerImage).Id | Should -BeExactly $image.Id
            (Get-StorageInfo).Layers | Should -Be 1
            # A name that the store has asks nobody; another one, or another platform, does.
            Add-ContainerImageTag $image.Id localhost:1/here:1
            (Request-ContainerImage localhost:1/here:1 -Policy Missing).Id | Should -BeExactly $image.Id
            (Request-ContainerImage localhost:1/here:1 -Policy Missing -Platform "$($image.OperatingSystem)/$($image.Architecture)").Id | Should -BeExactly $image.Id
            { Request-ContainerImage localhost:1/here:1 -Policy Missing -Platform linux/s390x -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable*'
            { Request-ContainerImage localhost:1/here:1 -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable*'
            (Request-ContainerImage "$registry/small:1" -Policy Missing -Root "$work/lacking").Id | Should -BeExactly $image.Id
            # And back, under another name.
            $pushed = Push-ContainerImage $image.Reference "$registry/again:2"
            $pushed.Reference | Should -BeExactly "$registry/again:2"
            $image.GetType().FullName | Should -BeIn (Get-Command Request-ContainerImage).OutputType.Name
            $pushed.GetType().FullName | Should -BeIn (Get-Command Submit-ContainerImage).OutputType.Name
            $other = Pull-ContainerImage "$registry/again:2" -Root "$work/other"
            $other.Id | Should -BeExactly $image.Id
            $other.Digest | Should -BeExactly $pushed.Digest
        }
        finally {
            $process.Kill()
            $process.WaitForExit()
        }
    }
}
