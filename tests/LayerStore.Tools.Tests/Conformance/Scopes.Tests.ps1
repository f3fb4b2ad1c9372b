# 28 results
# Discovery and run are two phases; what runs where, and who sees whose variables.
$discovered = 'in the discovery'
function Get-Discovered { 'in the discovery' }
BeforeAll {
    $file = 'of the file'
    $script:count = 0
    function Get-File { "function $file" }
}
AfterAll { $file | Should -Be 'of the file' }

Describe 'Variables' {
    BeforeAll { $block = "block $file" }
    BeforeEach { $each = 'each'; $script:count++ }
    AfterEach { $fromTest = $null }

    It 'pass: of the file''s BeforeAll are seen' { $file | Should -Be 'of the file' }
    It 'pass: of the block''s BeforeAll are seen' { $block | Should -Be 'block of the file' }
    It 'pass: of BeforeEach are seen' { $each | Should -Be 'each' }
    It 'pass: functions of BeforeAll are seen' { Get-File | Should -Be 'function of the file' }
    It 'pass: of the discovery are not' { $discovered | Should -BeNullOrEmpty }
    It 'fail: functions of the discovery are not' { Get-Discovered }
    It 'pass: a test changes a copy' { $block = 'changed'; $block | Should -Be 'changed' }
    It 'pass: so that the next test sees the first value' { $block | Should -Be 'block of the file' }
    It 'pass: $script: is shared by the file' { $script:count | Should -Be 9; $count | Should -Be 9 }

    Context 'inner' {
        BeforeAll { $block = 'inner' }
        It 'pass: an inner block hides the outer one' { $block | Should -Be 'inner' }
        It 'pass: the outer BeforeEach runs for inner tests' { $script:count | Should -Be 11 }
    }
    It 'pass: after an inner block the outer value is back' { $block | Should -Be 'block of the file' }
}

Describe 'Order' {
    BeforeAll { $script:trail = [Collections.Generic.List[string]]::new() }
    BeforeEach { $script:trail.Add('before outer') }
    AfterEach { $script:trail.Add('after outer') }
    Context 'inner' {
        BeforeAll { $script:trail.Add('all') }
        BeforeEach { $script:trail.Add('before inner') }
        AfterEach { $script:trail.Add('after inner') }
        AfterAll { $script:trail.Add('end') }
        It 'pass: setups go from the outside in' { $script:trail | Should -Be 'all', 'before outer', 'before inner' }
    }
    It 'pass: teardowns go from the inside out' {
        $script:trail | Should -Be 'all', 'before outer', 'before inner', 'after inner', 'after outer', 'end', 'before outer'
    }
}

Describe 'Setups that fail' {
    Context 'BeforeAll' {
        BeforeAll { throw 'no setup' }
        It 'fail: first' { }
        It 'fail: second' { }
    }
    Context 'BeforeEach' {
        BeforeEach { throw 'no setup' }
        It 'fail: is the test''s failure' { }
    }
    Context 'AfterEach' {
        AfterEach { throw 'no teardown' }
        It 'fail: is the test''s failure' { }
    }
    Context 'AfterEach of a failed test' {
        AfterEach { $script:ran = $true }
        It 'fail: runs' { throw 'x' }
        It 'pass: and it did' { $script:ran | Should -BeTrue }
    }
}

Describe 'Skipped' {
    Context 'a block' -Skip {
        BeforeAll { throw 'must not run' }
        It 'skip: one' { throw 'must not run' }
        Context 'inner' { It 'skip: two' { throw 'must not run' } }
    }
    It 'skip: by a switch' -Skip { throw 'must not run' }
    It 'skip: by an expression' -Skip:(1 -eq 1) { throw 'must not run' }
    It 'pass: not by a false one' -Skip:(1 -eq 2) { }
    It 'skip: from within' { Set-ItResult -Skipped -Because 'of the test'; throw 'not reached' }
}

Describe 'Places' {
    It 'pass: the file knows where it is' { [IO.Path]::GetFileName($PSCommandPath) | Should -Be 'Scopes.Tests.ps1' }
    It 'pass: and its folder' { [IO.Path]::GetFileName($PSScriptRoot) | Should -Be 'Conformance' }
}
