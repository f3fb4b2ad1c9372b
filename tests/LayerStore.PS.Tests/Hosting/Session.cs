using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using LayerStore.PowerShellHost.StandIns;

namespace LayerStore.PS.Tests.Hosting;

/// <summary>A runspace with the built module in it, as a user has it.</summary>
public sealed class Session : IDisposable
{
    private readonly Runspace _runspace;
    private readonly CapturingHost _host;

    public Session()
        : this(120, "en-US")
    {
    }

    internal Session(int width, string culture, bool import = true, bool colours = false)
    {
        _host = new CapturingHost(width, CultureInfo.GetCultureInfo(culture), colours);
        var state = InitialSessionState.CreateDefault2();
        // The engine has them only in PowerShell's own modules.
        state.Commands.Add(new SessionStateCmdletEntry("Format-List", typeof(FormatListCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Format-Wide", typeof(FormatWideCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Format-Custom", typeof(FormatCustomCommand), null));
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
        if (import)
            Run("Import-Module $args[0] -ErrorAction Stop", ModulePath);
    }

    internal static string RepositoryPath { get; } = FindRepository();

    /// <summary>The module's directory, as <c>dotnet build</c> writes it.</summary>
    internal static string ModulePath { get; } =
        Environment.GetEnvironmentVariable("LAYERSTORE_MODULE") is { Length: > 0 } path ? path : Path.Combine(RepositoryPath, "out", "LayerStore");

    internal Runspace Runspace => _runspace;

    internal CapturingUserInterface Screen => _host.Screen;

    public void Dispose() => _runspace.Dispose();

    /// <summary>Runs a script that must not fail.</summary>
    internal IReadOnlyList<PSObject> Run(string script, params object?[] arguments)
    {
        var result = Try(script, arguments);
        Assert.True(result.Errors.Count == 0, string.Join("\n", result.Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error} {error.ScriptStackTrace}")));
        return result.Output;
    }

    /// <summary>Runs a script and keeps its errors, the terminating one too.</summary>
    internal Result Try(string script, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        var errors = new List<ErrorRecord>();
        IReadOnlyList<PSObject> output = [];
        try
        {
            output = [.. shell.Invoke()];
        }
        catch (RuntimeException exception)
        {
            errors.Add(exception.ErrorRecord);
        }
        errors.InsertRange(0, shell.Streams.Error);
        return new Result(output, errors, [.. shell.Streams.Verbose.Select(record => record.Message)]);
    }

    /// <summary>What a user at the prompt sees.</summary>
    internal string Show(string script, params object?[] arguments)
    {
        Screen.TakeText();
        using var shell = Shell(script, arguments);
        shell.AddCommand("Out-Default");
        shell.Commands.Commands[^1].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Invoke();
        return Screen.TakeText();
    }

    internal PowerShell Shell(string script, params object?[] arguments)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script, useLocalScope: true);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        return shell;
    }

    private static string FindRepository([CallerFilePath] string path = "")
    {
        // PathMap hides the real path of the sources; the tests' own directory does not.
        var directory = File.Exists(path) ? Path.GetDirectoryName(path) : AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "LayerStore.slnx")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }

    internal sealed record Result(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Verbose);
}
