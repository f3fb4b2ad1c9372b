# 16 results
Describe 'Throw' {
    It 'pass: any error' { { throw 'x' } | Should -Throw }
    It 'fail: none' { { 1 } | Should -Throw }
    It 'fail: no script block' { 1 | Should -Throw }
    It 'pass: a message with wildcards' { { throw 'disk is full' } | Should -Throw -ExpectedMessage '*full' }
    It 'fail: a message is compared whole' { { throw 'disk is full' } | Should -Throw -ExpectedMessage 'full' }
    It 'pass: an error id' { { Get-NoSuchThing } | Should -Throw -ErrorId 'CommandNotFoundException' }
    It 'pass: an error id with wildcards' { { Get-Command Get-NoSuchThing -ErrorAction Stop } | Should -Throw -ErrorId 'CommandNotFound*' }
    It 'fail: another error id' { { throw 'x' } | Should -Throw -ErrorId 'Nope' }
    It 'pass: an exception type' { { [int]::Parse('x') } | Should -Throw -ExceptionType ([Management.Automation.MethodInvocationException]) }
    It 'pass: the engine''s own exception' { { Get-NoSuchThing } | Should -Throw -ExceptionType ([Management.Automation.CommandNotFoundException]) }
    It 'fail: another exception type' { { throw 'x' } | Should -Throw -ExceptionType ([IO.IOException]) }
    It 'pass: gives the error on' {
        $thrown = { throw 'x' } | Should -Throw -PassThru
        $thrown | Should -BeOfType ([Management.Automation.ErrorRecord])
        $thrown.Exception.Message | Should -Be 'x'
    }
    It 'pass: -Not wants none' { { 1 } | Should -Not -Throw }
    It 'fail: -Not refuses any' { { throw 'x' } | Should -Not -Throw }
    It 'pass: the block runs in a scope of its own' {
        $value = 'outer'
        { $value = 'inner'; throw 'x' } | Should -Throw
        $value | Should -Be 'outer'
    }
    It 'pass: the block sees the test''s variables' {
        $value = 'seen'
        { throw $value } | Should -Throw -ExpectedMessage 'seen'
    }
}
