using System.Globalization;
using System.Management.Automation.Runspaces;
using LayerStore.PowerShellHost.Terminal;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>One run of Pester files: finds them, runs one after the other, reports.</summary>
internal sealed class TestRun(TerminalUserInterface terminal, TestSession session, Func<Command, bool> execute)
{
    private const int Interrupted = 130;

    /// <summary>Runs all and returns the exit code: 0 where every test passed or was skipped.</summary>
    public int Run(IReadOnlyList<string> paths, string? resultPath)
    {
        var files = paths.SelectMany(FilesOf).ToList();
        if (files.Count == 0)
        {
            terminal.WriteErrorLine($"No *.Tests.ps1 was found in: {string.Join(", ", paths)}.");
            return 1;
        }

        var started = DateTime.UtcNow;
        var completed = files.All(file => RunFile(file, withDetails: resultPath is null));
        if (resultPath is not null)
        {
            TrxFile.Write(resultPath, session.Results, started);
        }
        else
        {
            Conclude();
        }

        return !completed ? Interrupted : Count(TestOutcome.Failed) > 0 ? 1 : 0;
    }

    private bool RunFile(string file, bool withDetails)
    {
        var first = session.Results.Count;
        var command = new Command(InvokeFileCommand.CommandName);
        command.Parameters.Add(nameof(InvokeFileCommand.FilePath), file);
        var completed = execute(command);
        var results = session.Results.Skip(first).ToList();
        var failed = results.Count(result => result.Outcome == TestOutcome.Failed);
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(failed == 0 ? "ok    " : "FAILED")} {Path.GetFileName(file)}  {results.Count - failed} of {results.Count} in {results.Sum(result => result.Duration.TotalSeconds):0.0} s"));
        if (withDetails)
        {
            results.ForEach(Detail);
        }

        return completed;
    }

    private void Detail(TestResult result)
    {
        switch (result.Outcome)
        {
            case TestOutcome.Failed:
                terminal.WriteLine($"  FAILED  {result.Name}");
                terminal.WriteLine("    " + $"{result.Message}\n{result.Trace}".TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal));
                break;
            case TestOutcome.Skipped:
                terminal.WriteLine($"  skipped {result.Name}: {result.Message}");
                break;
            default:
                break;
        }
    }

    private void Conclude()
    {
        terminal.WriteLine();
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(TestOutcome.Passed)} passed, {Count(TestOutcome.Failed)} failed, {Count(TestOutcome.Skipped)} skipped"));
    }

    private int Count(TestOutcome outcome) => session.Results.Count(result => result.Outcome == outcome);

    private static IEnumerable<string> FilesOf(string path)
        => Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.Tests.ps1", SearchOption.AllDirectories).Select(Path.GetFullPath).Order(StringComparer.Ordinal)
            : [Path.GetFullPath(path)];
}
