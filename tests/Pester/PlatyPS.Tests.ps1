# The real platyPS reads the pages, and its help file says the same as the one that the build makes, but for what tools/LayerStore.Help does on purpose:
# an example's code stands in an element of its own and not fenced in the introduction; positions in the syntax are the real ones and not counted; defaults are told.

Describe 'platyPS' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Import-LayerStore.ps1'))
        $pages = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'docs', 'en-US'))
        $platyPS = if ($env:LAYERSTORE_PLATYPS) { $env:LAYERSTORE_PLATYPS } else { @(Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable).Path }

        function Get-Words([string] $Text) { [regex]::Replace($Text, '\s+', ' ').Trim() }

        # The text of all elements below one, without the fences and blank paragraphs that platyPS has among it.
        function Get-AllText($Element) {
            if ($null -eq $Element) { return '' }
            $texts = foreach ($node in $Element.SelectNodes('descendant-or-self::*[not(*)]')) { if ($node.InnerText -ne [string] [char] 0x80) { $node.InnerText } }
            Get-Words (@($texts) -join "`n" -replace '```(powershell|Output)?')
        }

        function Get-Child($Element, [string] $Name) { $Element.SelectSingleNode("*[local-name()='$Name']") }

        # Of the syntax only what platyPS says there of switches, too.
        function Get-Syntax($Element) { "$((Get-Child $Element name).InnerText) required=$($Element.required) value=$((Get-Child $Element parameterValue).InnerText)" }

        function Get-Parameter($Element) {
            $values = foreach ($value in $Element.SelectNodes("*[local-name()='parameterValueGroup']/*")) { $value.InnerText }
            "$((Get-Child $Element name).InnerText) required=$($Element.required) aliases=$($Element.aliases) value=$((Get-Child $Element parameterValue).InnerText) of=$(@($values) -join ',')"
        }

        # What a help file says of each cmdlet, line by line.
        function Read-Help([string] $File) {
            $xml = [xml]::new()
            $xml.Load($File)
            $help = @{}
            foreach ($command in $xml.DocumentElement.SelectNodes("*[local-name()='command']")) {
                $details = Get-Child $command details
                $help[(Get-Child $details name).InnerText] = @(
                    "$((Get-Child $details verb).InnerText) $((Get-Child $details noun).InnerText): $(Get-AllText (Get-Child $details description))"
                    Get-AllText (Get-Child $command description)
                    foreach ($syntax in $command.SelectNodes("*[local-name()='syntax']/*")) { 'syntax'; foreach ($parameter in $syntax.SelectNodes("*[local-name()='parameter']")) { Get-Syntax $parameter } }
                    foreach ($parameter in $command.SelectNodes("*[local-name()='parameters']/*")) {
                        "$(Get-Parameter $parameter) $($parameter.globbing) $($parameter.pipelineInput) $($parameter.position) $(Get-AllText (Get-Child $parameter type)) $(Get-AllText (Get-Child $parameter description))"
                    }
                    foreach ($kind in 'inputTypes', 'returnValues', 'alertSet', 'examples') { foreach ($item in $command.SelectNodes("*[local-name()='$kind']/*")) { if ($item.InnerText) { "$kind $(Get-AllText $item)" } } }
                    foreach ($link in $command.SelectNodes("*[local-name()='relatedLinks']/*/*[local-name()='linkText']")) { if ($link.InnerText -ne 'Online Version') { "link $($link.InnerText)" } }
                )
            }
            $help
        }
    }

    It 'says the same of every cmdlet' {
        if (-not $platyPS) { Set-ItResult -Skipped -Because 'Microsoft.PowerShell.PlatyPS 1.x is not installed, and LAYERSTORE_PLATYPS does not name it' }
        Import-Module $platyPS
        Import-MarkdownCommandHelp -Path ([IO.Directory]::GetFiles($pages, '*-*.md')) | Export-MamlCommandHelp -OutputFolder $TestDrive
        $theirs = Read-Help ([IO.Path]::Combine($TestDrive, 'LayerStore', 'LayerStore.PS.dll-Help.xml'))
        $ours = Read-Help ([IO.Path]::Combine($module, 'en-US', 'LayerStore.PS.dll-Help.xml'))
        $ours.Count | Should -Be $theirs.Count
        foreach ($name in $theirs.Keys) {
            foreach ($number in 0..($theirs[$name].Count - 1)) { $ours[$name][$number] | Should -BeExactly $theirs[$name][$number] -Because $name }
            $ours[$name].Count | Should -Be $theirs[$name].Count -Because $name
        }
    }
}
