# 22 results
BeforeDiscovery { $rows = @{ Name = 'one'; Number = 1 }, @{ Name = 'two'; Number = 2 } }

Describe 'It -ForEach' {
    It 'pass: row <Number> is <Name>' -ForEach $rows {
        $Number | Should -BeIn 1, 2
        $_.Name | Should -Be $Name
    }
    It 'pass: values are $_, here <_>' -ForEach 'a', 'b' { $_ | Should -BeIn 'a', 'b' }
    It 'pass: has the older name -TestCases' -TestCases @{ Value = 5 } { $Value | Should -Be 5 }
    It 'pass: gives parameters, too' -ForEach @{ Value = 5 } { param($Value) $Value | Should -Be 5 }
    It 'pass: properties in titles: <_.Length>, script blocks <_>' -ForEach 'abc' { $_.Length | Should -Be 3 }
    It 'pass: nothing makes no test' -ForEach @() { throw 'must not run' }
    It 'pass: a null is a row' -ForEach @($null) { $_ | Should -BeNullOrEmpty }
    It 'skip: a skipped row <_>' -Skip -ForEach 1, 2 { throw 'must not run' }
}

Describe 'Describe -ForEach <Name>' -ForEach $rows {
    BeforeAll { $doubled = $Number * 2 }
    It 'pass: the row is seen in setups' { $doubled | Should -Be ($Number * 2) }
    It 'pass: and in tests' { $_.Name | Should -Be $Name }
    Context 'with <_>' -ForEach 'x', 'y' {
        It 'pass: an inner row hides the outer $_' { $_ | Should -BeIn 'x', 'y' }
        It 'pass: but not the outer names' { $Name | Should -BeIn 'one', 'two' }
    }
}
