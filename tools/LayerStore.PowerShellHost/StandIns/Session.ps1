# Stand-ins of this host for commands of Microsoft.PowerShell.Utility and .Management: the session itself.

function Get-Date { [CmdletBinding()] param([string] $Format, [switch] $AsUTC) $now = if ($AsUTC) { [datetime]::UtcNow } else { [datetime]::Now }; if ($Format) { $now.ToString($Format) } else { $now } }

function Start-Sleep {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [double] $Seconds = 0, [int] $Milliseconds = 0)
    # In small steps, so that Ctrl-C need not wait.
    $end = [datetime]::UtcNow.AddSeconds($Seconds).AddMilliseconds($Milliseconds)
    while (($left = ($end - [datetime]::UtcNow).TotalMilliseconds) -gt 0) { [Threading.Thread]::Sleep([int] [Math]::Min(50, [Math]::Ceiling($left))) }
}

function Measure-Command {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Expression, [Parameter(ValueFromPipeline)] $InputObject)
    process {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $null = . $Expression
        $clock.Elapsed
    }
}

function Get-Random { [CmdletBinding()] param([int] $Maximum = [int]::MaxValue, [int] $Minimum = 0) [Random]::Shared.Next($Minimum, $Maximum) }
function New-Guid { [guid]::NewGuid() }
function Get-Host { $Host }

function Get-Alias {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string] $Name = '*')
    Get-Command -CommandType Alias -Name $Name
}

function Set-Alias { [CmdletBinding()] param([Parameter(Mandatory, Position = 0)] [string] $Name, [Parameter(Mandatory, Position = 1)] [string] $Value) $null = New-Alias $Name $Value }
function New-Alias { [CmdletBinding()] param([Parameter(Mandatory, Position = 0)] [string] $Name, [Parameter(Mandatory, Position = 1)] [string] $Value) $ExecutionContext.InvokeProvider.Item.Set("Alias:\$Name", $Value) }

function Get-Process { [CmdletBinding()] param([Parameter(Position = 0)] [string] $Name = '*', [int] $Id) if ($Id) { [Diagnostics.Process]::GetProcessById($Id) } else { [Diagnostics.Process]::GetProcesses() | Where-Object ProcessName -Like $Name } }
function Stop-Process { [CmdletBinding(SupportsShouldProcess)] param([Parameter(Mandatory, Position = 0)] [int] $Id) if ($PSCmdlet.ShouldProcess("process $Id")) { [Diagnostics.Process]::GetProcessById($Id).Kill() } }
