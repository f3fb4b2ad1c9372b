# 73 results
# What Pester 5 makes of Should; known from its documentation and its own tests.
Describe 'Be' {
    It 'pass: compares without regard to case' { 'A' | Should -Be 'a' }
    It 'pass: converts the actual value to the type of the expected one' { '1' | Should -Be 1 }
    It 'pass: takes null for null' { $null | Should -Be $null }
    It 'pass: takes an empty pipeline for null' { @() | Should -Be $null }
    It 'fail: does not take an empty string for null' { '' | Should -Be $null }
    It 'pass: compares arrays item by item' { 1, 2, 3 | Should -Be 1, 2, 3 }
    It 'fail: minds the order' { 1, 2 | Should -Be 2, 1 }
    It 'fail: minds the length' { 1, 2 | Should -Be 1 }
    It 'fail: does not take a wrapped array apart' { , @(1, 2) | Should -Be 1, 2 }
    It 'pass: compares nested arrays' { @(1, @(2, 3)) | Should -Be @(1, @(2, 3)) }
    It 'pass: with -Not, wants a difference' { 1 | Should -Not -Be 2 }
    It 'fail: with -Not, refuses the same' { 1 | Should -Not -Be 1 }
    It 'pass: has the alias -EQ' { 1 | Should -EQ 1 }
    It 'pass: takes the value by name' { Should -ActualValue 5 -Be 5 }
}
Describe 'BeExactly' {
    It 'fail: minds the case' { 'A' | Should -BeExactly 'a' }
    It 'pass: takes the same case' { 'A' | Should -BeExactly 'A' }
}
Describe 'Truth' {
    It 'pass: a string is true' { 'x' | Should -BeTrue }
    It 'fail: an empty string is not' { '' | Should -BeTrue }
    It 'pass: zero is false' { 0 | Should -BeFalse }
    It 'pass: null is false' { $null | Should -BeFalse }
    It 'fail: each value counts' { $true, $false | Should -BeTrue }
    It 'pass: -Not turns it' { $false | Should -Not -BeTrue }
}
Describe 'BeNullOrEmpty' {
    It 'pass: null' { $null | Should -BeNullOrEmpty }
    It 'pass: an empty string' { '' | Should -BeNullOrEmpty }
    It 'pass: an empty array' { @() | Should -BeNullOrEmpty }
    It 'pass: an empty hashtable' { @{} | Should -BeNullOrEmpty }
    It 'fail: a blank' { ' ' | Should -BeNullOrEmpty }
    It 'fail: two nulls' { $null, $null | Should -BeNullOrEmpty }
    It 'pass: zero is not empty' { 0 | Should -Not -BeNullOrEmpty }
}
Describe 'HaveCount' {
    It 'pass: counts what comes' { 1, 2 | Should -HaveCount 2 }
    It 'pass: counts nothing' { @() | Should -HaveCount 0 }
    It 'fail: counts a null that comes' { $null | Should -HaveCount 0 }
    It 'pass: a scalar is one' { 'abc' | Should -HaveCount 1 }
    It 'fail: another number' { 1, 2 | Should -HaveCount 3 }
    It 'fail: -Not with the number' { 1, 2 | Should -Not -HaveCount 2 }
}
Describe 'Match' {
    It 'pass: finds a part' { 'Container' | Should -Match 'tain' }
    It 'pass: without regard to case' { 'Container' | Should -Match 'TAIN' }
    It 'fail: MatchExactly minds it' { 'Container' | Should -MatchExactly 'TAIN' }
    It 'pass: MatchExactly finds it' { 'Container' | Should -MatchExactly 'tain' }
    It 'fail: not there' { 'Container' | Should -Match '^tain' }
    It 'pass: -Not' { 'Container' | Should -Not -Match '^tain' }
}
Describe 'BeLike' {
    It 'pass: a wildcard' { 'Container' | Should -BeLike 'con*' }
    It 'fail: the whole must match' { 'Container' | Should -BeLike 'con' }
    It 'fail: BeLikeExactly minds the case' { 'Container' | Should -BeLikeExactly 'con*' }
}
Describe 'Order' {
    It 'pass: greater' { 2 | Should -BeGreaterThan 1 }
    It 'fail: not greater than itself' { 2 | Should -BeGreaterThan 2 }
    It 'pass: greater or equal' { 2 | Should -BeGreaterOrEqual 2 }
    It 'pass: less' { 1 | Should -BeLessThan 2 }
    It 'pass: less or equal' { 2 | Should -BeLessOrEqual 2 }
    It 'fail: -Not less' { 1 | Should -Not -BeLessThan 2 }
    It 'pass: numbers, not texts' { 10 | Should -BeGreaterThan 9 }
}
Describe 'BeOfType' {
    It 'pass: a type' { 1 | Should -BeOfType ([int]) }
    It 'pass: a name in brackets' { 1 | Should -BeOfType [int] }
    It 'pass: a name' { 1 | Should -BeOfType 'System.Int32' }
    It 'pass: a base type' { [IO.MemoryStream]::new() | Should -BeOfType ([IO.Stream]) }
    It 'fail: another type' { '1' | Should -BeOfType [int] }
    It 'fail: null has no type' { $null | Should -BeOfType [int] }
}
Describe 'Contain and BeIn' {
    It 'pass: a collection with the item' { 1, 2, 3 | Should -Contain 2 }
    It 'pass: without regard to case' { 'a', 'b' | Should -Contain 'B' }
    It 'fail: without the item' { 1, 2, 3 | Should -Contain 4 }
    It 'pass: an item of the collection' { 2 | Should -BeIn 1, 2, 3 }
    It 'fail: no item of the collection' { 4 | Should -BeIn 1, 2, 3 }
    It 'pass: -Not' { 4 | Should -Not -BeIn 1, 2, 3 }
}
Describe 'Because' {
    It 'pass: the reason stands in the message' {
        { 1 | Should -Be 2 -Because 'two is more' } | Should -Throw -ExpectedMessage '*because two is more,*'
    }
}
Describe 'Messages' {
    It 'pass: name both values' { { 'abc' | Should -Be 'abd' } | Should -Throw -ExpectedMessage "*'abd'*'abc'*" }
    It 'pass: tell null from text' { { $null | Should -Be 'x' } | Should -Throw -ExpectedMessage "*'x'*`$null*" }
    It 'pass: have the assertion''s error id' { { 1 | Should -Be 2 } | Should -Throw -ErrorId 'PesterAssertionFailed*' }
}
Describe 'A failure' {
    It 'fail: ends the test' {
        1 | Should -Be 2
        throw 'not reached'
    }
    It 'pass: leaves the next test alone' { 1 | Should -Be 1 }
}
Describe 'Errors' {
    It 'fail: a thrown string' { throw 'x' }
    It 'fail: a cmdlet''s terminating error' { Get-Command -Name Get-NoSuchThing -ErrorAction Stop }
    It 'pass: a non-terminating error is none' { Get-Command -Name Get-NoSuchThing 2>$null }
    It 'fail: a command that does not exist' { Get-NoSuchThing }
}
