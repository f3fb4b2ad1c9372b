using System.Diagnostics.CodeAnalysis;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Runs a discovered file; called from a script file, whose scope becomes the tests' script scope.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class InvokeRootCommand : TestCommand
{
    public const string CommandName = "Invoke-LayerStoreTestRoot";

    protected override void EndProcessing() => new BlockRunner(this, Session).RunBlock();
}
