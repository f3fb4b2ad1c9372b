using System.Diagnostics.CodeAnalysis;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Runs the current block in the scope in which it was called.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class InvokeBlockCommand : TestCommand
{
    public const string CommandName = "Invoke-LayerStoreTestBlock";

    protected override void EndProcessing() => new BlockRunner(this, Session).RunBlock();
}
