# Stand-ins of this host for commands of Microsoft.PowerShell.Utility: what is written where.

function Write-Output {
    param([Parameter(Position = 0, ValueFromPipeline, ValueFromRemainingArguments)] $InputObject, [switch] $NoEnumerate)
    process { if ($NoEnumerate) { , $InputObject } else { $InputObject } }
}

function Write-Host {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromRemainingArguments)] $Object,
        [switch] $NoNewline, $Separator = ' ', [ConsoleColor] $ForegroundColor, [ConsoleColor] $BackgroundColor
    )
    process {
        $text = @(foreach ($item in $Object) { "$item" }) -join $Separator
        $message = [Management.Automation.HostInformationMessage]::new()
        $message.Message = $text
        $message.NoNewLine = [bool] $NoNewline
        if ($PSBoundParameters.ContainsKey('ForegroundColor')) { $message.ForegroundColor = $ForegroundColor }
        if ($PSBoundParameters.ContainsKey('BackgroundColor')) { $message.BackgroundColor = $BackgroundColor }
        $PSCmdlet.WriteInformation($message, [string[]] @('PSHOST'))
    }
}

function Write-Warning { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)] [string] $Message) process { $PSCmdlet.WriteWarning($Message) } }
function Write-Verbose { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)] [string] $Message) process { $PSCmdlet.WriteVerbose($Message) } }
function Write-Debug { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)] [string] $Message) process { $PSCmdlet.WriteDebug($Message) } }

function Write-Information {
    [CmdletBinding()]
    param([Parameter(Mandatory, ValueFromPipeline)] $MessageData, [string[]] $Tags = @())
    process { $PSCmdlet.WriteInformation($MessageData, $Tags) }
}

function Write-Error {
    [CmdletBinding(DefaultParameterSetName = 'Message')]
    param(
        [Parameter(ParameterSetName = 'Message', Mandatory, Position = 0, ValueFromPipeline)] [string] $Message,
        [Parameter(ParameterSetName = 'Exception', Mandatory)] [Exception] $Exception,
        [Parameter(ParameterSetName = 'ErrorRecord', Mandatory)] [Management.Automation.ErrorRecord] $ErrorRecord,
        [string] $ErrorId = 'Microsoft.PowerShell.Commands.WriteErrorException',
        [Management.Automation.ErrorCategory] $Category = 'NotSpecified', $TargetObject
    )
    process {
        if (-not $ErrorRecord) {
            if (-not $Exception) { $Exception = [Management.Automation.RuntimeException]::new($Message) }
            $ErrorRecord = [Management.Automation.ErrorRecord]::new($Exception, $ErrorId, $Category, $TargetObject)
        }
        $PSCmdlet.WriteError($ErrorRecord)
        $ErrorRecord = $null
    }
}

function Write-Progress {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Activity, [Parameter(Position = 1)] [string] $Status = ' ', [int] $Id = 0,
        [int] $PercentComplete = -1, [int] $SecondsRemaining = -1, [string] $CurrentOperation, [int] $ParentId = -1, [switch] $Completed
    )
    $record = [Management.Automation.ProgressRecord]::new($Id, $Activity, $Status)
    $record.PercentComplete = $PercentComplete
    $record.SecondsRemaining = $SecondsRemaining
    $record.CurrentOperation = $CurrentOperation
    $record.ParentActivityId = $ParentId
    if ($Completed) { $record.RecordType = 'Completed' }
    # By way of the host: a command's own way would make each call a bar of its own.
    if ($ProgressPreference -ne 'SilentlyContinue') { $Host.UI.WriteProgress(0, $record) }
}

function Read-Host {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromRemainingArguments)] $Prompt, [switch] $AsSecureString)
    if ($Prompt) { $Host.UI.Write("$($Prompt -join ' '): ") }
    if ($AsSecureString) { $Host.UI.ReadLineAsSecureString() } else { $Host.UI.ReadLine() }
}
