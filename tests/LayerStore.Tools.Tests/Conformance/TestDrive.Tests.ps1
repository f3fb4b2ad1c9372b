# 7 results
Describe 'TestDrive' {
    BeforeAll { [IO.File]::WriteAllText([IO.Path]::Combine($TestDrive, 'all.txt'), 'all') }
    It 'pass: is a folder' { [IO.Directory]::Exists($TestDrive) | Should -BeTrue }
    It 'pass: is a drive, too' { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath('TestDrive:\all.txt') | Should -Be ([IO.Path]::Combine($TestDrive, 'all.txt')) }
    It 'pass: keeps what a test makes' { [IO.File]::WriteAllText("$TestDrive/test.txt", 'x') }
    It 'pass: for the next test' { [IO.File]::Exists("$TestDrive/test.txt") | Should -BeTrue }
    Context 'inner' {
        It 'pass: what an inner block makes' { $null = [IO.Directory]::CreateDirectory("$TestDrive/inner/deep"); [IO.File]::Exists("$TestDrive/all.txt") | Should -BeTrue }
    }
    It 'pass: goes with the block' { [IO.Directory]::Exists("$TestDrive/inner") | Should -BeFalse }
}
Describe 'The next block' {
    It 'pass: has an empty one' { [IO.Directory]::GetFileSystemEntries($TestDrive) | Should -BeNullOrEmpty }
}
