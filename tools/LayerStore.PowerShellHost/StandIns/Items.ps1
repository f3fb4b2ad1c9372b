# Stand-ins of this host for commands of Microsoft.PowerShell.Management: files, folders and places.

function Resolve-Given($Path, $LiteralPath) {
    foreach ($one in $LiteralPath) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($one) }
    foreach ($one in $Path) {
        $provider = $null
        $ExecutionContext.SessionState.Path.GetResolvedProviderPathFromPSPath($one, [ref] $provider)
    }
}

function Get-ChildItem {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0, ValueFromPipeline)] [string[]] $Path = '.', [Parameter(Position = 1)] [string] $Filter, [Alias('PSPath', 'LP')] [string[]] $LiteralPath,
        [string[]] $Include, [switch] $Recurse, [switch] $Force, [switch] $File, [switch] $Directory, [switch] $Name
    )
    process {
        $given = if ($LiteralPath) { foreach ($one in $LiteralPath) { [WildcardPattern]::Escape($one) } } else { $Path }
        foreach ($one in $given) {
            foreach ($item in $ExecutionContext.InvokeProvider.ChildItem.Get([string[]] $one, [bool] $Recurse, [bool] $Force, $false)) {
                if ($File -and $item.PSIsContainer -or $Directory -and -not $item.PSIsContainer) { continue }
                if ($Filter -and $item.Name -notlike $Filter) { continue }
                if ($Include -and -not @($Include | Where-Object { $item.Name -like $_ }).Count) { continue }
                if ($Name) { $item.Name } else { $item }
            }
        }
    }
}

function Get-Item {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline)] [string[]] $Path, [Alias('PSPath', 'LP')] [string[]] $LiteralPath, [switch] $Force)
    process {
        if ($LiteralPath) { $ExecutionContext.InvokeProvider.Item.Get($LiteralPath, [bool] $Force, $true) }
        else { $ExecutionContext.InvokeProvider.Item.Get($Path, [bool] $Force, $false) }
    }
}

function Test-Path {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0, ValueFromPipeline)] [AllowNull()] [AllowEmptyString()] [string[]] $Path, [Alias('PSPath', 'LP')] [string[]] $LiteralPath,
        [ValidateSet('Any', 'Container', 'Leaf')] [string] $PathType = 'Any'
    )
    process {
        $literal = [bool] $LiteralPath
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            if ([string]::IsNullOrWhiteSpace($one)) { $false; continue }
            $there = $ExecutionContext.InvokeProvider.Item.Exists($one, $false, $literal)
            $isFolder = $there -and $ExecutionContext.InvokeProvider.Item.IsContainer($one)
            $there -and ($PathType -eq 'Any' -or ($PathType -eq 'Container') -eq $isFolder)
        }
    }
}

function New-Item {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [string[]] $Path, [string] $Name, [Alias('Type')] [string] $ItemType = 'File', [Alias('Target')] $Value, [switch] $Force)
    process {
        foreach ($one in $Path) {
            if ($Force -and $ItemType -eq 'Directory' -and (Test-Path -LiteralPath $one)) { Get-Item -LiteralPath $one; continue }
            if ($PSCmdlet.ShouldProcess($one, "New-Item $ItemType")) { $ExecutionContext.InvokeProvider.Item.New([string[]] $one, $Name, $ItemType, $Value, [bool] $Force) }
        }
    }
}

function Remove-Item {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Position = 0, ValueFromPipeline)] [string[]] $Path, [Alias('PSPath', 'LP')] [string[]] $LiteralPath, [switch] $Recurse, [switch] $Force)
    process {
        $literal = [bool] $LiteralPath
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            if ($PSCmdlet.ShouldProcess($one)) { $ExecutionContext.InvokeProvider.Item.Remove([string[]] $one, [bool] $Recurse, [bool] $Force, $literal) }
        }
    }
}

function Copy-Item {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [string[]] $Path, [Parameter(Position = 1)] [string] $Destination = '.', [switch] $Recurse, [switch] $Force)
    process {
        foreach ($one in $Path) {
            if ($PSCmdlet.ShouldProcess($one, "Copy-Item to $Destination")) { $null = $ExecutionContext.InvokeProvider.Item.Copy([string[]] $one, $Destination, [bool] $Recurse, 'CopyTargetContainer', [bool] $Force, $false) }
        }
    }
}

function Move-Item {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [string[]] $Path, [Parameter(Position = 1)] [string] $Destination = '.', [switch] $Force)
    process {
        foreach ($one in $Path) {
            if ($PSCmdlet.ShouldProcess($one, "Move-Item to $Destination")) { $null = $ExecutionContext.InvokeProvider.Item.Move([string[]] $one, $Destination, [bool] $Force, $false) }
        }
    }
}

function Get-Content {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0, ValueFromPipeline)] [string[]] $Path, [Alias('PSPath', 'LP')] [string[]] $LiteralPath, [switch] $Raw, [switch] $AsByteStream,
        [Alias('First', 'Head')] [int] $TotalCount = -1, [Alias('Last')] [int] $Tail = -1, $Encoding
    )
    process {
        foreach ($file in Resolve-Given $Path $LiteralPath) {
            if ($AsByteStream) { , [IO.File]::ReadAllBytes($file) }
            elseif ($Raw) { [IO.File]::ReadAllText($file) }
            elseif ($Tail -ge 0) { [Linq.Enumerable]::TakeLast([IO.File]::ReadLines($file), $Tail) }
            elseif ($TotalCount -ge 0) { [Linq.Enumerable]::Take([IO.File]::ReadLines($file), $TotalCount) }
            else { [IO.File]::ReadLines($file) }
        }
    }
}

function Set-Content {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Position = 0)] [string[]] $Path, [Alias('PSPath', 'LP')] [string[]] $LiteralPath, [Parameter(Position = 1, ValueFromPipeline)] [object[]] $Value,
        [switch] $NoNewline, [switch] $AsByteStream, [switch] $Append, $Encoding
    )
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { foreach ($item in $Value) { $all.Add($item) } }
    end {
        foreach ($one in @($Path) + @($LiteralPath) -ne $null) {
            if (-not $PSCmdlet.ShouldProcess($one)) { continue }
            $file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($one)
            if ($AsByteStream) { [IO.File]::WriteAllBytes($file, [byte[]] $all.ToArray()); continue }
            $text = if ($NoNewline) { -join $all } else { -join @(foreach ($item in $all) { "$item`n" }) }
            if ($Append) { [IO.File]::AppendAllText($file, $text) } else { [IO.File]::WriteAllText($file, $text) }
        }
    }
}

function Add-Content {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0)] [string[]] $Path, [Parameter(Position = 1, ValueFromPipeline)] [object[]] $Value, [switch] $NoNewline)
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { foreach ($item in $Value) { $all.Add($item) } }
    end { Set-Content -Path $Path -Value $all.ToArray() -NoNewline:$NoNewline -Append }
}

function Out-File {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $FilePath, [switch] $Append, $Encoding, [Parameter(ValueFromPipeline)] $InputObject)
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { $all.Add($InputObject) }
    end {
        $text = $all | Out-String
        $file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($FilePath)
        if ($Append) { [IO.File]::AppendAllText($file, $text) } else { [IO.File]::WriteAllText($file, $text) }
    }
}

function Join-Path {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [string[]] $Path, [Parameter(Mandatory, Position = 1)] [string] $ChildPath, [Parameter(Position = 2, ValueFromRemainingArguments)] [string[]] $AdditionalChildPath)
    process {
        foreach ($one in $Path) {
            $joined = $one
            foreach ($part in @($ChildPath) + @($AdditionalChildPath) -ne $null) { $joined = "$($joined.TrimEnd('/', '\'))/$($part.TrimStart('/', '\'))" }
            $joined
        }
    }
}

function Split-Path {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [string[]] $Path, [switch] $Parent, [switch] $Leaf, [switch] $LeafBase, [switch] $Extension, [switch] $IsAbsolute)
    process {
        foreach ($one in $Path) {
            if ($Leaf) { [IO.Path]::GetFileName($one.TrimEnd('/')) }
            elseif ($LeafBase) { [IO.Path]::GetFileNameWithoutExtension($one.TrimEnd('/')) }
            elseif ($Extension) { [IO.Path]::GetExtension($one) }
            elseif ($IsAbsolute) { [IO.Path]::IsPathRooted($one) }
            else { [string] [IO.Path]::GetDirectoryName($one.TrimEnd('/')) }
        }
    }
}

function Resolve-Path { [CmdletBinding()] param([Parameter(Position = 0, ValueFromPipeline)] [string[]] $Path, [string[]] $LiteralPath) process { foreach ($one in $Path) { $ExecutionContext.SessionState.Path.GetResolvedPSPathFromPSPath($one) } } }
function Convert-Path { [CmdletBinding()] param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [string[]] $Path) process { Resolve-Given $Path } }
function Get-Location { $ExecutionContext.SessionState.Path.CurrentLocation }

function Set-Location {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline)] [string] $Path = '~', [string] $LiteralPath, [switch] $PassThru)
    process {
        $now = $ExecutionContext.SessionState.Path.SetLocation($(if ($LiteralPath) { [WildcardPattern]::Escape($LiteralPath) } else { $Path }))
        # Programs and .NET follow, as far as a process has one place only.
        if ($now.Provider.Name -eq 'FileSystem') { [Environment]::CurrentDirectory = $now.ProviderPath }
        if ($PassThru) { $now }
    }
}

function Push-Location { [CmdletBinding()] param([Parameter(Position = 0)] [string] $Path) $ExecutionContext.SessionState.Path.PushCurrentLocation($null); if ($Path) { Set-Location $Path } }
function Pop-Location { [CmdletBinding()] param() Set-Location -LiteralPath $ExecutionContext.SessionState.Path.PopLocation($null).Path }
