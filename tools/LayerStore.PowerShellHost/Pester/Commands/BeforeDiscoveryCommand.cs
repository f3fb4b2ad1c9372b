using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>BeforeDiscovery: code that belongs to finding the tests, marked as such.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class BeforeDiscoveryCommand : TestCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    protected override void EndProcessing()
    {
        if (Session.IsDiscovery)
        {
            InvokeCommand.InvokeScript(useLocalScope: false, ScriptBlock, input: null);
        }
    }
}
