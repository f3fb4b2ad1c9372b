using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Set-ItResult -Skipped: the running test finds out that it cannot run here, and says why.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class SetItResultCommand : TestCommand
{
    [Parameter(Mandatory = true)]
    public SwitchParameter Skipped { get; set; }

    [Parameter]
    public string? Because { get; set; }

    protected override void EndProcessing()
    {
        var message = string.IsNullOrWhiteSpace(Because) ? "is skipped" : $"is skipped, because {Assertion.WithoutBecause(Because)}";
        ThrowTerminatingError(new ErrorRecord(new RuntimeException(message), TestFailure.SkippedId, ErrorCategory.InvalidResult, targetObject: null));
    }
}
