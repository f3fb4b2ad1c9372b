# Every example of the documentation is run, as a user would type it: by a process of this very PowerShell, each page in a store of its own. See tests/examples.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, '..', 'examples', 'Examples.ps1'))
    $examples = @(foreach ($path in Get-ExamplePage) {
            foreach ($example in Get-Example $path) { @{ page = $example.Page; number = $example.Number; title = $example.Title; why = $notHere["$($example.Page) $($example.Number)"]; code = $example.Code } }
        })
    # Mounting needs root.
    $ordinaryUser = [Environment]::UserName -ne 'root'
}

Describe 'The examples' -Skip:$ordinaryUser {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Import-LayerStore.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, '..', 'examples', 'Examples.ps1'))
        $file = [IO.Path]::GetTempFileName()
        $script = [IO.Path]::Combine($PSScriptRoot, '..', 'examples', 'Invoke-Examples.ps1')
        $log = @(& ([Environment]::ProcessPath) -NoProfile -NonInteractive -File $script -Module ([IO.Path]::Combine($module, 'LayerStore.psd1')) -Result $file *>&1) -join "`n"
        $text = [IO.File]::ReadAllText($file)
        [IO.File]::Delete($file)
        if (-not $text) { throw "The examples were not run:`n$log" }
        $results = @{}
        foreach ($result in [Text.Json.JsonDocument]::Parse($text).RootElement.EnumerateArray()) {
            $results["$($result.GetProperty('Page')) $($result.GetProperty('Number'))"] = $result.GetProperty('Failure').GetString()
        }
    }

    It '<page> <number>: <title>' -ForEach $examples {
        if ($why) { Set-ItResult -Skipped -Because $why }
        if (-not $results.ContainsKey("$page $number") -and $code.Contains('localhost:5000')) { Set-ItResult -Skipped -Because 'docker-registry is not installed' }
        $results["$page $number"] | Should -BeExactly ''
    }

    It 'The lists of those that cannot run here or show something else on each machine name examples only' {
        $names = foreach ($path in Get-ExamplePage) { foreach ($example in Get-Example $path) { "$($example.Page) $($example.Number)" } }
        foreach ($name in @($notHere.Keys) + @($shownByHost.Keys)) { $names | Should -Contain $name }
    }
}
