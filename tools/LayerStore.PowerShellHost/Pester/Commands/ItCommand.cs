using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>It: one test, or one for each row.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class ItCommand : TestCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1)]
    public ScriptBlock Test { get; set; } = null!;

    [Parameter]
    [Alias("TestCases")]
    public object[]? ForEach { get; set; }

    [Parameter]
    [Alias("Tags")]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter Skip { get; set; }

    [Parameter]
    public SwitchParameter AllowNullOrEmptyForEach { get; set; }

    protected override void EndProcessing()
    {
        if (!Session.IsDiscovery)
        {
            Refuse($"It '{Name}' stands in a test or a setup; tests belong into blocks.");
        }

        if (Session.CurrentBlock.IsRoot)
        {
            Refuse($"It '{Name}' stands outside of a Describe.");
        }

        var block = Session.CurrentBlock;
        var rows = MyInvocation.BoundParameters.ContainsKey(nameof(ForEach)) ? TestData.RowsOf(ForEach) : [TestData.None];
        var reason = block.SkipReason ?? (Skip ? $"-Skip at {Place}" : null);
        foreach (var row in rows)
        {
            block.Items.Add(new TestCase { Name = Name, Block = block, Body = Test, Data = row, SkipReason = reason });
        }
    }
}
