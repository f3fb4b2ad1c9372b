using LayerStore.PowerShellHost.Terminal;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>One run of Pester files.</summary>
internal static class TestRun
{
    public static int Execute(TerminalUserInterface terminal, IReadOnlyList<string> paths, IReadOnlyList<string> modules, string? resultPath)
    {
        terminal.WriteErrorLine("no runner yet " + paths.Count + modules.Count + resultPath);
        return 1;
    }
}
