<#
.SYNOPSIS
    Runs the Pester files with the real Pester and writes the results as the compatible runner writes them.
#>
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $ResultPath,
    [string] $Module
)

# No preference is set here: the tests would inherit it.
Import-Module Pester -MinimumVersion 5.0 -ErrorAction Stop
if ($Module) { Import-Module $Module -ErrorAction Stop }
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$run = Invoke-Pester -Configuration $configuration

$settings = [Xml.XmlWriterSettings]::new()
$settings.Indent = $true
# A message may hold what XML cannot.
$settings.CheckCharacters = $false
$writer = [Xml.XmlWriter]::Create($ResultPath, $settings)
$space = 'http://microsoft.com/schemas/VisualStudio/TeamTest/2010'

function Write-Result([string] $Name, [string] $Outcome, [TimeSpan] $Duration, [object[]] $Errors, [string] $Reason) {
    $writer.WriteStartElement('UnitTestResult', $space)
    $writer.WriteAttributeString('testName', $Name)
    $writer.WriteAttributeString('outcome', $Outcome)
    $writer.WriteAttributeString('duration', $Duration.ToString('c'))
    if ($Errors -or $Reason) {
        $writer.WriteStartElement('Output', $space)
        $writer.WriteStartElement('ErrorInfo', $space)
        $writer.WriteElementString('Message', $space, $(if ($Errors) { @(foreach ($one in $Errors) { $one.Exception.Message }) -join "`n" } else { $Reason }))
        if ($Errors) { $writer.WriteElementString('StackTrace', $space, (@(foreach ($one in $Errors) { $one.ScriptStackTrace }) -join "`n")) }
        $writer.WriteEndElement()
        $writer.WriteEndElement()
    }
    $writer.WriteEndElement()
}

$writer.WriteStartElement('TestRun', $space)
$writer.WriteStartElement('Results', $space)
foreach ($test in $run.Tests) {
    $file = [IO.Path]::GetFileName($test.Block.BlockContainer.Item.FullName)
    $outcome = switch ($test.Result) { 'Passed' { 'Passed' } 'Skipped' { 'NotExecuted' } default { 'Failed' } }
    $reason = if ($outcome -eq 'NotExecuted') { "-Skip at ${file}:$($test.StartLine)" }
    Write-Result "${file}: $($test.ExpandedPath)" $outcome $test.Duration @($test.ErrorRecord) $reason
}
# What failed outside of a test is a failure as well.
foreach ($container in $run.FailedContainers) { if ($container.ErrorRecord.Count) { Write-Result "$([IO.Path]::GetFileName($container.Item.FullName)) (discovery)" 'Failed' ([TimeSpan]::Zero) @($container.ErrorRecord) } }
foreach ($block in $run.FailedBlocks) { if ($block.ErrorRecord.Count -and -not $block.FailedCount) { Write-Result "$($block.ExpandedPath) (block)" 'Failed' ([TimeSpan]::Zero) @($block.ErrorRecord) } }
$writer.WriteEndElement()
$writer.WriteEndElement()
$writer.Dispose()
exit $(if ($run.Result -eq 'Passed') { 0 } else { 1 })
