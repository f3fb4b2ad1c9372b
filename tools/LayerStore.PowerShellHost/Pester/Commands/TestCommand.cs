using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>A command of a test file.</summary>
internal abstract class TestCommand : PSCmdlet
{
    /// <summary>The run that the command belongs to.</summary>
    protected TestSession Session => TestSession.Of(this);

    /// <summary>Ends the command with an error of the runner's own.</summary>
    protected void Refuse(string message)
        => ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(message), "NotSupportedByRunner", ErrorCategory.NotImplemented, targetObject: null));

    /// <summary>Where in the file the command stands.</summary>
    protected string Place => $"{Path.GetFileName(MyInvocation.ScriptName)}:{MyInvocation.ScriptLineNumber}";
}
