using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Describe and Context: a block of tests.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class DescribeCommand : TestCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1)]
    public ScriptBlock Fixture { get; set; } = null!;

    [Parameter]
    [Alias("Tags")]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter Skip { get; set; }

    [Parameter]
    public SwitchParameter AllowNullOrEmptyForEach { get; set; }

    [Parameter]
    public object? ForEach { get; set; }

    protected override void EndProcessing()
    {
        if (!Session.IsDiscovery)
        {
            Refuse($"{MyInvocation.InvocationName} '{Name}' stands in a test or a setup; blocks belong into blocks.");
        }

        var rows = MyInvocation.BoundParameters.ContainsKey(nameof(ForEach)) ? TestData.RowsOf(ForEach) : [TestData.None];
        foreach (var row in rows)
        {
            Discover(row);
        }
    }

    private void Discover(TestData row)
    {
        var parent = Session.CurrentBlock;
        var reason = parent.SkipReason ?? (Skip ? $"-Skip at {Place}" : null);
        var block = new TestBlock { Name = Name, Parent = parent, Data = row, SkipReason = reason };
        parent.Items.Add(block);
        Session.CurrentBlock = block;
        try
        {
            var step = InvokeCommand.NewScriptBlock($"{DiscoverBlockCommand.CommandName} $args[0]");
            InvokeCommand.InvokeScript(useLocalScope: true, step, input: null, Fixture);
        }
        finally
        {
            Session.CurrentBlock = parent;
        }
    }
}
