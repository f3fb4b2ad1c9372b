using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Runs a block's body in the discovery, in a scope of its own that has the row's variables.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class DiscoverBlockCommand : TestCommand
{
    public const string CommandName = "Invoke-LayerStoreBlockDiscovery";

    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock Fixture { get; set; } = null!;

    protected override void EndProcessing()
    {
        foreach (var (name, value) in Session.CurrentBlock.Data.Variables())
        {
            SessionState.PSVariable.Set(name, value);
        }

        InvokeCommand.InvokeScript(useLocalScope: false, Fixture, input: null);
    }
}
