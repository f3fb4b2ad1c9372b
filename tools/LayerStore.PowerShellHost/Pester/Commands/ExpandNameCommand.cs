using System.Diagnostics.CodeAnalysis;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Fills in the title of a test that does not run, in a scope that has its rows' variables.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class ExpandNameCommand : TestCommand
{
    public const string CommandName = "Expand-LayerStoreTestName";

    protected override void EndProcessing()
    {
        var test = Session.CurrentTest!;
        for (var block = test.Block; block is not null; block = block.Parent)
        {
            Define(block.Data);
        }

        Define(test.Data);
        test.ExpandedName = NameTemplate.Expand(this, test.Name);
    }

    private void Define(TestData data)
    {
        foreach (var (name, value) in data.Variables())
        {
            SessionState.PSVariable.Set(name, value);
        }
    }
}
