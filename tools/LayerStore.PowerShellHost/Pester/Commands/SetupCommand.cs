using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>BeforeAll, BeforeEach, AfterEach and AfterAll: recorded in the discovery, run around the tests.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class SetupCommand : TestCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Scriptblock")]
    public ScriptBlock Body { get; set; } = null!;

    protected override void EndProcessing()
    {
        var name = MyInvocation.InvocationName;
        if (!Session.IsDiscovery)
        {
            Refuse($"{name} stands in a test or a setup; it belongs into a block.");
        }

        try
        {
            Session.CurrentBlock.Add(Enum.Parse<SetupKind>(name, ignoreCase: true), Body);
        }
        catch (InvalidOperationException e)
        {
            Refuse(e.Message);
        }
    }
}
