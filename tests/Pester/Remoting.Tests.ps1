# Objects that cross the border of a process, as they do from other hosts and from jobs.

Describe 'Sessions of other processes' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'New-TestRoot.ps1'))
        $manifest = [IO.Path]::Combine($module, 'LayerStore.psd1')

        # A session of a process of its own, which runs this very PowerShell.
        function New-ProcessSession {
            $instance = [Management.Automation.Runspaces.PowerShellProcessInstance]::new()
            $start = $instance.Process.StartInfo
            $start.FileName = [Environment]::ProcessPath
            $start.Arguments = ''
            $start.ArgumentList.Clear()
            foreach ($word in '-NoProfile', '-File', [IO.Path]::Combine($PSScriptRoot, 'Start-SessionServer.ps1')) { $start.ArgumentList.Add($word) }
            $runspace = [Management.Automation.Runspaces.RunspaceFactory]::CreateOutOfProcessRunspace($null, $instance)
            $runspace.Open()
            [Management.Automation.Runspaces.PSSession]::Create($runspace, 'Process', $null)
        }

        $sessions = @(New-ProcessSession; New-ProcessSession)
        $number = 0
        foreach ($session in $sessions) {
            Invoke-Command -Session $session -ArgumentList $manifest, ([IO.Path]::Combine($work, "host$((++$number))")) -ScriptBlock {
                param($Manifest, $Root)
                Import-Module $Manifest
                $env:LAYERSTORE_ROOT = $Root
                Initialize-Storage -Driver vfs
                $null = New-Container -Empty -Name web -Label role=web
                $null = New-Container -Empty -Name worker
            }
        }
    }

    AfterAll {
        foreach ($session in $sessions) { $session.Runspace.Dispose() }
        $env:LAYERSTORE_ROOT = $null
        [IO.Directory]::Delete($work, $true)
    }

    It 'Are other processes' {
        $ids = @(Invoke-Command -Session $sessions -ScriptBlock { $PID })
        $ids | Should -HaveCount 2
        $ids | Should -Not -Contain $PID
        $ids[0] | Should -Not -Be $ids[1]
    }

    It 'Answer with containers of each host, which find their own store in a pipeline here' {
        $containers = @(Invoke-Command -Session $sessions -ScriptBlock { Get-Container -Size })
        $containers | Should -HaveCount 4
        $containers[0].PSObject.TypeNames[-2] | Should -Be 'Deserialized.LayerStore.Container'

        $sizes = @($containers | Get-ContainerSize)
        $sizes | Should -HaveCount 4
        @(foreach ($size in $sizes) { $size.Root }) | Should -Be @(foreach ($container in $containers) { $container.Root })

        $removed = @($containers | Where-Object Name -EQ worker | Remove-Container -Confirm:$false -PassThru)
        $removed | Should -HaveCount 2
        @(Invoke-Command -Session $sessions -ScriptBlock { (Get-Container).Name }) | Should -Be @('web', 'web')
    }

    It 'Take containers that were sent from here' {
        $container = Get-Container web -Root ([IO.Path]::Combine($work, 'host2'))
        # The first host's own root is another: the object's counts.
        $size = Invoke-Command -Session $sessions[0] -ArgumentList $container -ScriptBlock { param($Sent) $Sent | Get-ContainerSize }
        $size.Root | Should -Be ([IO.Path]::Combine($work, 'host2'))
    }

    It 'Hand errors on with their id, target and recommendation' {
        $errors = @(Invoke-Command -Session $sessions[0] -ScriptBlock { Get-Container nothing } 2>&1)
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'ForEach-Object -Parallel makes, lists and removes containers of one store' {
        $root = [IO.Path]::Combine($work, 'host1')
        $made = @(1..6 | ForEach-Object -ThrottleLimit 3 -Parallel {
                Import-Module $using:manifest
                New-Container -Empty -Name "parallel$_" -Root $using:root
            })
        $made | Should -HaveCount 6
        $made | ForEach-Object -ThrottleLimit 3 -Parallel { Import-Module $using:manifest; $_ | Remove-Container -Confirm:$false }
        @(Get-Container 'parallel*' -Root $root) | Should -HaveCount 0
    }
}
