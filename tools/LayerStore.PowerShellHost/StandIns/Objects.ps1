# Stand-ins of this host for commands of Microsoft.PowerShell.Utility: objects in a pipeline.

# The value of a property by name, by script block, or by @{ Name; Expression }.
function Get-PropertyValue($InputObject, $Property) {
    if ($Property -is [Collections.IDictionary]) { $Property = $Property[(@($Property.Keys) -match '^e')[0]] }
    if ($Property -is [scriptblock]) { return ForEach-Object -InputObject $InputObject -Process $Property }
    $InputObject.$Property
}

function Get-PropertyLabel($Property) {
    if ($Property -is [Collections.IDictionary]) {
        $label = @($Property.Keys) -match '^[nl]'
        if ($label) { return $Property[$label[0]] }
        return "$($Property[(@($Property.Keys) -match '^e')[0]])"
    }
    "$Property"
}

function Select-Object {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [object[]] $Property, [string[]] $ExcludeProperty, [string] $ExpandProperty,
        [int] $First = -1, [int] $Last = -1, [int] $Skip = 0, [int[]] $Index, [switch] $Unique, [switch] $Wait,
        [Parameter(ValueFromPipeline)] $InputObject
    )
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { $all.Add($InputObject) }
    end {
        $chosen = @($all)
        if ($PSBoundParameters.ContainsKey('Index')) { $chosen = @($chosen[$Index]) }
        if ($Last -ge 0) {
            $end = [Math]::Max(0, $chosen.Count - $Skip)
            $chosen = @([Linq.Enumerable]::ToArray([Linq.Enumerable]::TakeLast([object[]] $chosen[0..($end - 1)], $Last)))
        }
        elseif ($Skip -gt 0) { $chosen = @([Linq.Enumerable]::ToArray([Linq.Enumerable]::Skip([object[]] $chosen, $Skip))) }
        if ($First -ge 0) { $chosen = @([Linq.Enumerable]::ToArray([Linq.Enumerable]::Take([object[]] $chosen, $First))) }
        $seen = [Collections.Generic.HashSet[string]]::new()
        foreach ($item in $chosen) {
            $result = if ($ExpandProperty) { $item.$ExpandProperty }
            elseif ($Property) { Select-Property $item $Property $ExcludeProperty }
            elseif ($ExcludeProperty) { Select-Property $item '*' $ExcludeProperty }
            else { $item }
            foreach ($value in $result) {
                if ($Unique -and -not $seen.Add((Get-IdentityText $value))) { continue }
                $value
            }
        }
    }
}

function Get-IdentityText($Value) {
    if ($Value -is [Management.Automation.PSCustomObject]) { return @(foreach ($p in $Value.PSObject.Properties) { "$($p.Name)=$($p.Value)" }) -join "`0" }
    "$Value"
}

function Select-Property($Item, $Property, $ExcludeProperty) {
    $made = [ordered]@{}
    foreach ($one in $Property) {
        if ($one -is [string] -and [WildcardPattern]::ContainsWildcardCharacters($one)) {
            foreach ($found in $Item.PSObject.Properties) { if ($found.Name -like $one) { $made[$found.Name] = $found.Value } }
        }
        else { $made[(Get-PropertyLabel $one)] = Get-PropertyValue $Item $one }
    }
    foreach ($name in @($made.Keys)) {
        foreach ($pattern in $ExcludeProperty) { if ($name -like $pattern) { $made.Remove($name) } }
    }
    [pscustomobject] $made
}

function ConvertTo-Csv {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] $InputObject, [char] $Delimiter = ',', [switch] $NoTypeInformation)
    begin { $header = $null }
    process {
        $names = @(foreach ($property in $InputObject.PSObject.Properties) { $property.Name })
        # The first object says what the columns are.
        if (-not $header) { $header = $names; @(foreach ($name in $header) { """$($name.Replace('"', '""'))""" }) -join $Delimiter }
        $cells = foreach ($name in $header) {
            $value = $InputObject.PSObject.Properties[$name]?.Value
            if ($null -eq $value) { '' } else { """$([Convert]::ToString($value, [cultureinfo]::CurrentCulture).Replace('"', '""'))""" }
        }
        $cells -join $Delimiter
    }
}

function Export-Csv {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $Path, [Parameter(ValueFromPipeline)] $InputObject, [char] $Delimiter = ',', [switch] $NoTypeInformation)
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { $all.Add($InputObject) }
    end { [IO.File]::WriteAllLines($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path), [string[]] @($all | ConvertTo-Csv -Delimiter $Delimiter)) }
}

function Sort-Object {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [object[]] $Property, [switch] $Descending, [switch] $Unique, [int] $Top = -1, [switch] $CaseSensitive,
        [Parameter(ValueFromPipeline)] $InputObject
    )
    begin { $rows = [Collections.Generic.List[object]]::new() }
    process {
        $keys = if ($Property) { foreach ($one in $Property) { , (Get-PropertyValue $InputObject $one) } } else { , $InputObject }
        $rows.Add([pscustomobject]@{ Keys = @($keys); Place = $rows.Count; Item = $InputObject })
    }
    end {
        $turned = @(foreach ($one in $Property) { if ($one -is [Collections.IDictionary] -and $one.Contains('Descending')) { [bool] $one.Descending } else { [bool] $Descending } })
        if (-not $turned.Count) { $turned = @([bool] $Descending) }
        $rows.Sort([Comparison[object]] {
                param($a, $b)
                for ($i = 0; $i -lt $a.Keys.Count; $i++) {
                    $sign = [Management.Automation.LanguagePrimitives]::Compare($a.Keys[$i], $b.Keys[$i], -not $CaseSensitive, [cultureinfo]::CurrentCulture)
                    if ($sign) { return $(if ($turned[$i]) { - $sign } else { $sign }) }
                }
                return $a.Place.CompareTo($b.Place)
            })
        $last = $null
        $count = 0
        foreach ($row in $rows) {
            if ($Unique -and $last) {
                $same = $true
                for ($i = 0; $i -lt $row.Keys.Count; $i++) { if ($row.Keys[$i] -ne $last.Keys[$i]) { $same = $false } }
                if ($same) { continue }
            }
            $last = $row
            if ($Top -ge 0 -and $count++ -ge $Top) { return }
            $row.Item
        }
    }
}

function Group-Object {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [object[]] $Property, [switch] $NoElement, [switch] $AsHashTable, [Parameter(ValueFromPipeline)] $InputObject)
    begin { $groups = [Collections.Specialized.OrderedDictionary]::new([StringComparer]::OrdinalIgnoreCase) }
    process {
        $values = @(if ($Property) { foreach ($one in $Property) { Get-PropertyValue $InputObject $one } } else { $InputObject })
        $name = $values -join ', '
        if (-not $groups.Contains($name)) { $groups.Add($name, [Collections.Generic.List[object]]::new()) }
        $groups[$name].Add($InputObject)
    }
    end {
        if ($AsHashTable) { return $groups }
        foreach ($entry in $groups.GetEnumerator()) {
            $group = [ordered]@{ Count = $entry.Value.Count; Name = $entry.Key }
            if (-not $NoElement) { $group.Group = $entry.Value.ToArray() }
            [pscustomobject] $group
        }
    }
}

function Measure-Object {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string] $Property, [switch] $Sum, [switch] $Average, [switch] $Minimum, [switch] $Maximum,
        [switch] $Line, [switch] $Word, [switch] $Character, [Parameter(ValueFromPipeline)] $InputObject
    )
    begin { $count = 0; $total = 0; $least = $null; $most = $null; $lines = 0; $words = 0; $characters = 0 }
    process {
        if ($null -eq $InputObject) { return }
        $value = if ($Property) { $InputObject.$Property } else { $InputObject }
        if ($null -eq $value) { return }
        $count++
        if ($Sum -or $Average) { $total += $value }
        if ($Minimum -and ($null -eq $least -or $value -lt $least)) { $least = $value }
        if ($Maximum -and ($null -eq $most -or $value -gt $most)) { $most = $value }
        if ($Line) { $lines += ("$value" -split "`n").Count }
        if ($Word) { $words += @("$value" -split '\s+' -ne '').Count }
        if ($Character) { $characters += "$value".Length }
    }
    end {
        if ($Line -or $Word -or $Character) { return [pscustomobject]@{ Lines = $lines; Words = $words; Characters = $characters; Property = $Property } }
        [pscustomobject]@{
            Count = $count; Average = $(if ($Average -and $count) { $total / $count }); Sum = $(if ($Sum) { $total })
            Maximum = $(if ($Maximum) { $most }); Minimum = $(if ($Minimum) { $least }); Property = $Property
        }
    }
}

function Get-Member {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]] $Name = '*', [Management.Automation.PSMemberTypes] $MemberType = 'All', [Parameter(ValueFromPipeline)] $InputObject)
    begin { $types = [Collections.Generic.HashSet[string]]::new() }
    process {
        if ($null -eq $InputObject -or -not $types.Add($InputObject.PSObject.TypeNames[0])) { return }
        $found = foreach ($member in $InputObject.PSObject.Members) {
            if (-not ($member.MemberType -band $MemberType) -or $member.Name -match '^(get|set|add|remove)_') { continue }
            if (@($Name | Where-Object { $member.Name -like $_ }).Count) {
                [pscustomobject]@{ Name = $member.Name; MemberType = $member.MemberType; Definition = "$member" }
            }
        }
        $found | Sort-Object MemberType, Name
    }
}

function New-Object {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $TypeName, [Parameter(Position = 1)] [object[]] $ArgumentList = @(), [Collections.IDictionary] $Property)
    if ($TypeName -in 'PSObject', 'PSCustomObject', 'System.Management.Automation.PSObject') { return [pscustomobject] $(if ($Property) { $Property } else { @{} }) }
    $type = $TypeName -as [type]
    if (-not $type) { throw [Management.Automation.PSArgumentException]::new("Cannot find type [$TypeName].") }
    $made = $type::new.Invoke($ArgumentList)
    if ($Property) { foreach ($key in $Property.Keys) { $made.$key = $Property[$key] } }
    $made
}

function Add-Member {
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipeline)] $InputObject, [Parameter(Position = 0)] [string] $NotePropertyName, [Parameter(Position = 1)] $NotePropertyValue,
        [string] $TypeName, [switch] $PassThru, [switch] $Force
    )
    process {
        if ($NotePropertyName) { $InputObject.PSObject.Properties.Add([psnoteproperty]::new($NotePropertyName, $NotePropertyValue)) }
        if ($TypeName) { $InputObject.PSObject.TypeNames.Insert(0, $TypeName) }
        if ($PassThru) { $InputObject }
    }
}

function Select-String {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string[]] $Pattern, [Parameter(Position = 1)] [string[]] $Path, [switch] $SimpleMatch, [switch] $CaseSensitive,
        [switch] $Quiet, [switch] $NotMatch, [Parameter(ValueFromPipeline)] $InputObject
    )
    begin {
        $options = if ($CaseSensitive) { 'None' } else { 'IgnoreCase' }
        $expressions = foreach ($one in $Pattern) { [regex]::new($(if ($SimpleMatch) { [regex]::Escape($one) } else { $one }), $options) }
        $hit = $false
    }
    process {
        $lines = if ($Path) { Get-Content $Path } else { "$InputObject" -split "`r?`n" }
        foreach ($line in $lines) {
            $matched = $false
            foreach ($expression in $expressions) { if ($expression.IsMatch($line)) { $matched = $true } }
            if ($matched -ne [bool] $NotMatch) { $hit = $true; if (-not $Quiet) { $line } }
        }
    }
    end { if ($Quiet) { $hit } }
}

function ConvertTo-Json {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline)] $InputObject, [int] $Depth = 2, [switch] $Compress, [switch] $AsArray)
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { $all.Add($InputObject) }
    end {
        $value = if ($all.Count -eq 1 -and -not $AsArray) { $all[0] } else { $all.ToArray() }
        $options = [Text.Json.JsonSerializerOptions]::new()
        $options.WriteIndented = -not $Compress
        $options.Encoder = [Text.Encodings.Web.JavaScriptEncoder]::UnsafeRelaxedJsonEscaping
        [Text.Json.JsonSerializer]::Serialize((ConvertTo-Plain $value $Depth), [object], $options)
    }
}

# Dictionaries, arrays and scalars, which the serializer knows.
function ConvertTo-Plain($Value, $Depth) {
    if ($null -eq $Value) { return $null }
    $bare = $Value.PSObject.BaseObject
    if ($bare -is [string] -or $bare -is [bool] -or $bare -is [datetime] -or $bare -is [DateTimeOffset]) { return $bare }
    if ($bare -is [ValueType] -and $bare.GetType().IsPrimitive -or $bare -is [decimal]) { return $bare }
    if ($bare -is [ValueType] -or $bare -is [type] -or $Depth -lt 0) { return "$Value" }
    $made = [Collections.Generic.Dictionary[string, object]]::new()
    if ($bare -is [Collections.IDictionary]) {
        foreach ($key in $bare.Keys) { $made["$key"] = ConvertTo-Plain $bare[$key] ($Depth - 1) }
        return $made
    }
    if ($bare -is [Collections.IEnumerable]) { return , [object[]] @(foreach ($item in $bare) { , (ConvertTo-Plain $item ($Depth - 1)) }) }
    foreach ($property in $Value.PSObject.Properties) { $made[$property.Name] = ConvertTo-Plain $property.Value ($Depth - 1) }
    $made
}

function ConvertFrom-Json {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [string] $InputObject, [switch] $AsHashtable)
    begin { $lines = [Collections.Generic.List[string]]::new() }
    process { $lines.Add($InputObject) }
    end {
        $document = [Text.Json.JsonDocument]::Parse($lines -join "`n")
        ConvertFrom-JsonElement $document.RootElement $AsHashtable
    }
}

function ConvertFrom-JsonElement($Element, $AsHashtable) {
    switch ("$($Element.ValueKind)") {
        'Object' {
            $made = [ordered]@{}
            foreach ($property in $Element.EnumerateObject()) { $made[$property.Name] = ConvertFrom-JsonElement $property.Value $AsHashtable }
            if ($AsHashtable) { $made } else { [pscustomobject] $made }
        }
        'Array' { , @(foreach ($item in $Element.EnumerateArray()) { ConvertFrom-JsonElement $item $AsHashtable }) }
        'String' { $Element.GetString() }
        'Number' { $whole = 0L; if ($Element.TryGetInt64([ref] $whole)) { $whole } else { $Element.GetDouble() } }
        'True' { $true }
        'False' { $false }
        default { $null }
    }
}
