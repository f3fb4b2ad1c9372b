using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;
using LayerStore.PowerShellHost.Pester;
using LayerStore.PowerShellHost.StandIns;
using LayerStore.PowerShellHost.Terminal;

namespace LayerStore.PowerShellHost;

/// <summary>One runspace and the three ways to use it: a text, a file, a conversation.</summary>
internal sealed class HostSession : IDisposable
{
    private readonly HostArguments _arguments;
    private readonly TerminalHost _host;
    private readonly Runspace _runspace;
    private readonly Lock _gate = new();
    private readonly TestSession? _tests;
    private Pipeline? _running;
    private volatile bool _interrupted;
    private volatile bool _terminated;

    public HostSession(HostArguments arguments)
    {
        _arguments = arguments;
        _host = new TerminalHost(interactive: !arguments.NonInteractive, StopRunning);
        var state = InitialSessionState.CreateDefault2();
        if (arguments.StandIns)
        {
            StandInCommands.AddTo(state);
        }

        if (arguments.RunTests)
        {
            _tests = new TestSession();
            _host.SetPrivateData(_tests);
            TestCommands.AddTo(state);
        }

        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
    }

    public int Run()
    {
        Console.CancelKeyPress += OnCancelKey;
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTermination);
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(Environment.CurrentDirectory));
        if (_arguments.StandIns)
        {
            StandInCommands.Import(_runspace);
        }

        try
        {
            var code = RunArguments();
            return _terminated ? Terminated : code;
        }
        finally
        {
            Console.CancelKeyPress -= OnCancelKey;
            _host.Terminal.Progress.Clear();
        }
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _tests?.Dispose();
    }

    private int RunArguments()
    {
        foreach (var module in _arguments.Modules)
        {
            if (!Execute(ImportOf(module)))
            {
                return 1;
            }
        }

        if (_tests is not null)
        {
            return new TestRun(_host.Terminal, _tests, command => Execute(command)).Run(_arguments.TestPaths, _arguments.TestResult);
        }

        if (_arguments.File is { } file)
        {
            var succeeded = ExecuteFile(file);
            return ExitCodeOrConversation(succeeded);
        }

        if (_arguments.Command is { } text)
        {
            var succeeded = ExecuteText(text) && LastCommandSucceeded();
            return ExitCodeOrConversation(succeeded);
        }

        if (Console.IsInputRedirected)
        {
            var succeeded = ExecuteText(Console.In.ReadToEnd()) && LastCommandSucceeded();
            return ExitCode(succeeded);
        }

        return Converse();
    }

    private int ExitCodeOrConversation(bool succeeded)
    {
        if (_arguments.NoExit && _host.ExitCode is null)
        {
            return Converse();
        }

        return ExitCode(succeeded);
    }

    private int ExitCode(bool succeeded) => _host.ExitCode ?? (succeeded ? 0 : _interrupted ? Interrupted : 1);

    private static Command ImportOf(string module)
    {
        var command = new Command("Import-Module");
        // A path without a slash in front would be looked up as a module's name.
        command.Parameters.Add("Name", Path.Exists(module) ? Path.GetFullPath(module) : module);
        // The host is gone when the import fails: a test must not pass for want of the thing to test.
        command.Parameters.Add("ErrorAction", ActionPreference.Stop);
        return command;
    }

    private bool ExecuteFile(string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            _host.UI.WriteErrorLine($"The script '{file}' was not found; -File needs the path of a .ps1 file.");
            _host.SetShouldExit(UsageErrorOfFile);
            return false;
        }

        // Not in a local scope of its own, as pwsh -File does it.
        var command = new Command(path, isScript: false, useLocalScope: false);
        foreach (var (name, value) in ScriptArguments.Read(_arguments.Rest))
        {
            command.Parameters.Add(name, value);
        }

        EngineExit.PassOn(_runspace);
        return Execute(command);
    }

    private const int UsageErrorOfFile = 64;

    /// <summary>What a shell reports of a program that SIGINT ended.</summary>
    private const int Interrupted = 130;

    /// <summary>The same of SIGTERM.</summary>
    private const int Terminated = 143;

    /// <summary>The value of <c>$?</c>, by which <c>pwsh -Command</c> decides its exit code.</summary>
    private bool LastCommandSucceeded()
    {
        using var pipeline = _runspace.CreatePipeline("$global:?");
        return pipeline.Invoke() is [var first, ..] && LanguagePrimitives.IsTrue(first);
    }

    private bool Execute(Command command)
    {
        using var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(command);
        return Invoke(pipeline);
    }

    private bool ExecuteText(string text)
    {
        // What goes into the history also sets $?; a pipeline of the host's own leaves it alone.
        using var pipeline = _runspace.CreatePipeline(text, addToHistory: true);
        return Invoke(pipeline);
    }

    /// <summary>Runs a pipeline with its output shown; false when a terminating error or Ctrl-C ended it.</summary>
    private bool Invoke(Pipeline pipeline)
    {
        // Errors take the way of the output, so that both are shown in the order in which they came.
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");
        lock (_gate)
        {
            _running = pipeline;
            _interrupted = false;
        }

        try
        {
            pipeline.Invoke();
            // An interrupted pipeline may end without an exception.
            return !_interrupted;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException e)
        {
            Report(e);
            return false;
        }
        finally
        {
            lock (_gate)
            {
                _running = null;
            }

            _host.Terminal.Progress.Clear();
        }
    }

    private void Report(RuntimeException exception)
    {
        using var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add("Out-Default");
        var record = PSObject.AsPSObject(exception.ErrorRecord);
        // The mark by which the engine's formatter knows that an object came from the error stream.
        record.Properties.Add(new PSNoteProperty("writeErrorStream", true));
        pipeline.Input.Write(record);
        try
        {
            pipeline.Invoke();
        }
        catch (RuntimeException)
        {
            _host.UI.WriteErrorLine(exception.Message);
        }
    }

    private int Converse()
    {
        if (!_arguments.NoLogo)
        {
            _host.UI.WriteLine(string.Create(CultureInfo.InvariantCulture, $"LayerStore shell on the PowerShell {Program.EngineVersion} engine. Get-Command -Module LayerStore lists its commands; exit leaves."));
        }

        var editor = new LineEditor(_host.Terminal, new Completion(_runspace));
        while (_host.ExitCode is null && !_terminated)
        {
            var text = ReadCommand(editor);
            if (text is null)
            {
                break;
            }

            if (!string.IsNullOrWhiteSpace(text))
            {
                ExecuteText(text);
            }
        }

        return _host.ExitCode ?? 0;
    }

    /// <summary>Reads lines until they are a whole statement; null at the end of the input.</summary>
    private string? ReadCommand(LineEditor editor)
    {
        var text = editor.ReadLine(Prompt(), isAnswer: false);
        while (text is not null && IsUnfinished(text))
        {
            var next = editor.ReadLine(">> ", isAnswer: false);
            if (string.IsNullOrEmpty(next))
            {
                break;
            }

            text += "\n" + next;
        }

        editor.Remember(text);

        return text;
    }

    private static bool IsUnfinished(string text)
    {
        System.Management.Automation.Language.Parser.ParseInput(text, out _, out var errors);
        return errors.Any(error => error.IncompleteInput);
    }

    private string Prompt()
    {
        try
        {
            using var pipeline = _runspace.CreatePipeline("prompt");
            return pipeline.Invoke() is [var first, ..] ? first.ToString() : "PS> ";
        }
        catch (RuntimeException)
        {
            return "PS> ";
        }
    }

    private void OnCancelKey(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true;
        StopRunning();
    }

    /// <summary>What runs is stopped as by Ctrl-C, so that it cleans up. A second signal, or one while nothing runs, ends the host as it always does.</summary>
    private void OnTermination(PosixSignalContext context)
    {
        lock (_gate)
        {
            if (_terminated || _running is null)
            {
                return;
            }

            _terminated = true;
        }

        context.Cancel = true;
        // The engine kills the program that it waits for, and then waits for those that this one started.
        ProcessTree.Terminate();
        StopRunning();
    }

    private void StopRunning()
    {
        lock (_gate)
        {
            _interrupted = _running is not null;
            _running?.StopAsync();
        }
    }
}
