using System.Management.Automation.Runspaces;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>The commands that a test file finds in its session.</summary>
internal static class TestCommands
{
    public static void AddTo(InitialSessionState state)
    {
        Add<DescribeCommand>(state, "Add-LayerStoreTestBlock", "Describe", "Context");
        Add<ItCommand>(state, "Add-LayerStoreTest", "It");
        Add<SetupCommand>(state, "Add-LayerStoreTestSetup", Enum.GetNames<SetupKind>());
        Add<BeforeDiscoveryCommand>(state, "Invoke-LayerStoreBeforeDiscovery", "BeforeDiscovery");
        Add<ShouldCommand>(state, "Assert-LayerStoreTest", "Should");
        Add<UnsupportedCommand>(state, "Deny-LayerStoreTestCommand", UnsupportedCommand.Names);
        Add<SetItResultCommand>(state, "Set-ItResult");
        Add<InvokeFileCommand>(state, InvokeFileCommand.CommandName);
        Add<DiscoverBlockCommand>(state, DiscoverBlockCommand.CommandName);
        Add<InvokeRootCommand>(state, InvokeRootCommand.CommandName);
        Add<InvokeBlockCommand>(state, InvokeBlockCommand.CommandName);
        Add<InvokeTestCommand>(state, InvokeTestCommand.CommandName);
        Add<ExpandNameCommand>(state, ExpandNameCommand.CommandName);
    }

    /// <summary>Adds a command under its own name and the words by which a test file calls it: the engine wants a verb and a noun for the former.</summary>
    private static void Add<TCommand>(InitialSessionState state, string name, params string[] words)
    {
        state.Commands.Add(new SessionStateCmdletEntry(name, typeof(TCommand), helpFileName: null));
        foreach (var word in words)
        {
            state.Commands.Add(new SessionStateAliasEntry(word, name));
        }
    }
}
