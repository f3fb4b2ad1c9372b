# The Test task: every suite once, one table, one closing line.

# Where tests put their data, of this run alone, so that what they leave behind is seen. Its name says whose it is: a run that was killed could not remove its folder, and the next one does.
function New-TestFolder {
    foreach ($stale in [IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'layerstore-test-*-*')) {
        if ([IO.Path]::GetFileName($stale) -notmatch '^layerstore-test-(\d+)-' -or [IO.Directory]::Exists("/proc/$($Matches[1])")) { continue }
        Remove-TestFolder $stale
    }
    $folder = [IO.Directory]::CreateTempSubdirectory("layerstore-test-$PID-")
    # Some tests run a part of themselves as another user, who must get in here.
    [IO.File]::SetUnixFileMode($folder.FullName, [IO.UnixFileMode] 493)
    $folder.FullName
}

# Tests that were killed left their mounts: these go first, the latest before the others, and where one stays nothing is deleted through it.
function Remove-TestFolder([string] $Folder) {
    $mounts = @(foreach ($line in [IO.File]::ReadLines('/proc/self/mountinfo')) {
        $place = [regex]::Replace(($line -split ' ')[4], '\\([0-7]{3})', { [char] [Convert]::ToInt32($args[0].Groups[1].Value, 8) })
        if ($place.StartsWith("$Folder/")) { $place }
    })
    [Array]::Reverse($mounts)
    # By .NET: a run that is stopped starts no program any more.
    foreach ($mount in $mounts) { [Diagnostics.Process]::Start('umount', [string[]] @($mount)).WaitForExit() }
    $held = @(Get-Holder $Folder)
    if ($held.Count) {
        Say "Left where it is: $Folder, with $($held -join ', ')."
        return
    }
    try { [IO.Directory]::Delete($Folder, $true) } catch { Say "Could not remove ${Folder}: $($_.Exception.InnerException.Message)" }
}

# Mounts and loop devices that stand on a folder.
function Get-Holder([string] $Folder) {
    foreach ($line in [IO.File]::ReadLines('/proc/self/mountinfo')) {
        if ($line.Contains($Folder)) { "mount $(($line -split ' ')[4])" }
    }
    foreach ($device in [IO.Directory]::GetDirectories('/sys/block', 'loop*')) {
        $file = [IO.Path]::Combine($device, 'loop', 'backing_file')
        try { $backing = [IO.File]::ReadAllText($file).Trim() } catch { continue }
        if ($backing.Contains($Folder)) { "loop device /dev/$([IO.Path]::GetFileName($device)) on $backing" }
    }
}

# The same, and files left in it.
function Get-Leftover([string] $Folder) {
    Get-Holder $Folder
    foreach ($entry in [IO.Directory]::GetFileSystemEntries($Folder)) {
        # Files of the test platform itself and of the compiler's server.
        $name = [IO.Path]::GetFileName($entry)
        if ($name -match '^\w{6}$' -and [IO.Directory]::Exists($entry) -and -not [IO.Directory]::GetFileSystemEntries($entry).Count) { continue }
        if ($name -notmatch '^(\.dotnet|dotnet-diagnostic-|clr-debug-pipe-|MSBuild|VSTest|VBCSCompiler|NuGetScratch|CoreFxPipe)') { "file $entry" }
    }
}

# One suite's counts out of a result file in Visual Studio's TRX form; prints what failed or was skipped, and why.
function Read-TestResult([string] $Name, [string] $File) {
    $suite = [ordered]@{ Suite = $Name; Passed = 0; Failed = 0; Skipped = 0; Seconds = 0.0 }
    if (-not [IO.File]::Exists($File)) {
        Say "FAILED  ${Name}: it ended without a result file"
        $suite.Failed = 1
        return $suite
    }
    $xml = [xml]::new()
    $xml.Load($File)
    $names = [Xml.XmlNamespaceManager]::new($xml.NameTable)
    $names.AddNamespace('t', $xml.DocumentElement.NamespaceURI)
    foreach ($result in $xml.SelectNodes('//t:UnitTestResult', $names)) {
        $message = $result.SelectSingleNode('t:Output/t:ErrorInfo/t:Message', $names)
        $why = if ($message) { $message.InnerText.Trim() } else { 'no reason was given' }
        $duration = [TimeSpan]::Zero
        $null = [TimeSpan]::TryParse($result.GetAttribute('duration'), [ref] $duration)
        $suite.Seconds += $duration.TotalSeconds
        switch ($result.GetAttribute('outcome')) {
            'Passed' { $suite.Passed++ }
            'NotExecuted' {
                $suite.Skipped++
                Say "skipped $($result.GetAttribute('testName')): $why"
            }
            default {
                $suite.Failed++
                Say "FAILED  $($result.GetAttribute('testName'))"
                Say "        $($why.Replace("`n", "`n        "))"
                $stack = $result.SelectSingleNode('t:Output/t:ErrorInfo/t:StackTrace', $names)
                if ($stack) { Say "        $($stack.InnerText.Trim().Replace("`n", "`n        "))" }
            }
        }
    }
    # A run that died half-way has results, but says so only here.
    $outcome = $xml.SelectSingleNode('//t:ResultSummary', $names)
    if ($outcome -and $outcome.GetAttribute('outcome') -notin 'Completed', 'Passed', 'Failed') {
        $suite.Failed++
        Say "FAILED  ${Name}: the run ended as $($outcome.GetAttribute('outcome'))"
    }
    $suite
}

function Invoke-UnitTest([string] $Project, [string] $Results) {
    $name = [IO.Path]::GetFileNameWithoutExtension($Project)
    SayHeading $name
    $trx = [IO.Path]::Combine($Results, "$name.trx")
    $words = @('test', $Project, '--no-build', '-c', $Configuration, '--nologo', '-v', 'q',
        '--results-directory', $Results, '--logger', "trx;LogFileName=$name.trx")
    if ($Filter) { $words += '--filter', "FullyQualifiedName~$Filter" }
    $log = [IO.Path]::Combine($Results, "$name.log")
    & dotnet @words *>&1 | ForEach-Object { [IO.File]::AppendAllText($log, "$_`n") }
    $code = $LASTEXITCODE
    if ($Filter -and -not [IO.File]::Exists($trx) -and $code -eq 0) {
        return [ordered]@{ Suite = $name; Passed = 0; Failed = 0; Skipped = 0; Seconds = 0.0 }
    }
    $suite = Read-TestResult $name $trx
    if ($code -ne 0 -and $suite.Failed -eq 0) { $suite.Failed = 1 }
    if ($suite.Failed -gt 0 -and [IO.File]::Exists($log)) { Say "        (the whole output is in $log)" }
    $suite
}

# A pwsh beside Pester 5, or nothing.
function Find-Pester {
    $pwsh = if ($Host.Name -ne 'LayerStore host') { [Environment]::ProcessPath } elseif (Find-Program 'pwsh') { 'pwsh' }
    if (-not $pwsh) { return }
    $found = & $pwsh -NoProfile -Command "(Get-Module Pester -ListAvailable | Where-Object Version -ge '5.0' | ForEach-Object Version) -join ','"
    if ($found) { $pwsh }
}

# The Pester files on the module as it is installed from its package.
function Invoke-PesterTest([string] $Results, [string] $Installed) {
    $folder = Path 'tests', 'Pester'
    if (-not [IO.Directory]::Exists($folder)) { return }
    $trx = [IO.Path]::Combine($Results, 'Pester.trx')
    $env:LAYERSTORE_MODULE = $Installed
    $pwsh = Find-Pester
    if ($pwsh) {
        SayHeading 'Pester'
        $nunit = [IO.Path]::Combine($Results, 'Pester.xml')
        $null = & $pwsh -NoProfile -File (Path 'tools', 'build', 'Invoke-Pester.ps1') -Path $folder -Module ([IO.Path]::Combine($Installed, 'LayerStore.psd1')) -ResultPath $trx *>&1 | Out-Host
    }
    else {
        SayHeading "Pester files, with the compatible runner of tools/"
        $runner = Get-HostPath
        & $runner test $folder -Module ([IO.Path]::Combine($Installed, 'LayerStore.psd1')) -ResultPath $trx | Out-Host
    }
    $code = $LASTEXITCODE
    $env:LAYERSTORE_MODULE = $null
    $suite = Read-TestResult 'Pester' $trx
    if ($code -ne 0 -and $suite.Failed -eq 0) { $suite.Failed = 1 }
    $suite
}

# The host's program: this very process, or the one that the solution's build made.
function Get-HostPath {
    if ($Host.Name -eq 'LayerStore host') { return [Environment]::ProcessPath }
    Path 'tools', 'LayerStore.PowerShellHost', 'bin', $Configuration, 'net10.0', 'LayerStore.PowerShellHost'
}

function Invoke-Test {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    SayHeading 'Build'
    Clear-ModuleFolder
    Invoke-Build
    $results = [IO.Path]::Combine($out, 'test')
    if ([IO.Directory]::Exists($results)) { [IO.Directory]::Delete($results, $true) }
    $null = [IO.Directory]::CreateDirectory($results)
    $packages = [IO.Path]::Combine($results, 'package')
    $pester = $Suite -eq 'Pester' -or -not ($Suite -or $Filter)
    if ($pester) {
        SayHeading 'Package'
        $env:LAYERSTORE_PACKAGE = Invoke-Package $packages
        $installed = Install-Package $env:LAYERSTORE_PACKAGE ([IO.Path]::Combine($packages, 'Modules'))
    }
    $suites = Invoke-InScratch {
        $projects = [IO.Directory]::GetFiles((Path 'tests'), '*.csproj', 'AllDirectories')
        [Array]::Sort($projects, [StringComparer]::Ordinal)
        foreach ($project in $projects) {
            if ($Suite -and [IO.Path]::GetFileNameWithoutExtension($project) -ne $Suite) { continue }
            Invoke-UnitTest $project $results
        }
        if ($Suite -in '', 'Guest') {
            SayHeading 'Environments of the drivers that need another kernel'
            Invoke-Environment @('place=guest'; if ($Filter) { "filter=$Filter" })
        }
        if ($pester) { Invoke-PesterTest $results $installed }
    }
    Write-Summary $suites $clock.Elapsed
}

# Runs suites with a folder of their own for what they write, and adds one more that says whether they left something.
function Invoke-InScratch([scriptblock] $Work) {
    $scratch = New-TestFolder
    $before = [Environment]::GetEnvironmentVariable('TMPDIR')
    $env:TMPDIR = $scratch
    $env:LAYERSTORE_ROOT = $null
    $suites = [Collections.Generic.List[object]]::new()
    try {
        foreach ($suite in & $Work) { $suites.Add($suite) }
        $left = @(Get-Leftover $scratch)
        if ($left.Count) {
            foreach ($thing in $left) { Say "FAILED  left behind: $thing" }
            $suites.Add([ordered]@{ Suite = 'Nothing left behind'; Passed = 0; Failed = 1; Skipped = 0; Seconds = 0.0 })
        }
        else {
            $suites.Add([ordered]@{ Suite = 'Nothing left behind'; Passed = 1; Failed = 0; Skipped = 0; Seconds = 0.0 })
        }
    }
    finally {
        [Environment]::SetEnvironmentVariable('TMPDIR', $before)
        Remove-TestFolder $scratch
    }
    , $suites
}

# Prints the table and the closing line; emits the exit code.
function Write-Summary($Suites, [TimeSpan] $Elapsed) {
    $width = 32
    foreach ($suite in $Suites) { $width = [Math]::Max($width, $suite.Suite.Length) }
    Say
    Say ("{0,-$width} {1,8} {2,8} {3,8} {4,10}" -f 'suite', 'passed', 'failed', 'skipped', 'seconds')
    foreach ($suite in $Suites) {
        Say ([string]::Format([cultureinfo]::InvariantCulture, "{0,-$width} {1,8} {2,8} {3,8} {4,10:0.0}",
                $suite.Suite, $suite.Passed, $suite.Failed, $suite.Skipped, $suite.Seconds))
    }
    Say ([string]::Format([cultureinfo]::InvariantCulture, "{0,-$width} {1,37:0.0}", 'all, with the build', $Elapsed.TotalSeconds))
    Write-Total $Suites
}

# Prints the closing line; emits the exit code.
function Write-Total($Suites) {
    $passed = $failed = $skipped = 0
    foreach ($suite in $Suites) {
        $passed += $suite.Passed
        $failed += $suite.Failed
        $skipped += $suite.Skipped
    }
    Say
    Say "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0 -or $passed -eq 0) { 1 } else { 0 }
}
