using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace LayerStore.PowerShellHost.StandIns;

/// <summary>Everyday commands that PowerShell's own modules would bring and the bare engine lacks.</summary>
/// <remarks>
/// For people and scripts at this host's prompt, with the parameters used most; the module and its tests use none of
/// them. <c>Get-Command -Module HostStandIns</c> lists them.
/// </remarks>
internal static class StandInCommands
{
    public const string ModuleName = "HostStandIns";

    private static readonly string[] Scripts = ["Output.ps1", "Objects.ps1", "Session.ps1", "Items.ps1"];

    /// <summary>Adds the compiled ones, which only pass on to the engine.</summary>
    public static void AddTo(InitialSessionState state)
    {
        Add<FormatTableCommand>(state, "Format-Table");
        Add<FormatListCommand>(state, "Format-List");
        Add<FormatWideCommand>(state, "Format-Wide");
        Add<FormatCustomCommand>(state, "Format-Custom");
        Add<OutStringCommand>(state, "Out-String");
        foreach (var line in Text("Aliases.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            // The engine brings some of the aliases, though not their commands.
            if (state.Commands[words[0]].Count == 0)
            {
                state.Commands.Add(new SessionStateAliasEntry(words[0], words[1]));
            }
        }
    }

    /// <summary>Adds those that are written in PowerShell, as a module, so that their source is plain to see.</summary>
    public static void Import(Runspace runspace)
    {
        var text = string.Join('\n', Scripts.Select(Text));
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("New-Module").AddParameter("Name", ModuleName).AddParameter("ScriptBlock", ScriptBlock.Create(text))
            .AddCommand("Import-Module").AddParameter("Global").AddParameter("DisableNameChecking");
        shell.Invoke();
    }

    /// <summary>The script as it was when this program was built.</summary>
    private static string Text(string name)
    {
        using var stream = typeof(StandInCommands).Assembly.GetManifestResourceStream("StandIns/" + name)
            ?? throw new InvalidOperationException($"The program lacks its part {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Add<TCommand>(InitialSessionState state, string name)
        => state.Commands.Add(new SessionStateCmdletEntry(name, typeof(TCommand), helpFileName: null));
}
