using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace LayerStore.PowerShellHost.Terminal;

/// <summary>Writes to standard output and error, asks on the terminal; colours only where a terminal shows them.</summary>
internal sealed class TerminalUserInterface : PSHostUserInterface, IHostUISupportsMultipleChoiceSelection
{
    private readonly Lock _gate = new();
    private readonly bool _interactive;
    private readonly Action _stopRunning;
    private readonly TerminalRawUserInterface _raw = new();
    private readonly ChoicePrompt _choices;

    public TerminalUserInterface(bool interactive, Action stopRunning)
    {
        _interactive = interactive;
        _stopRunning = stopRunning;
        _choices = new ChoicePrompt(this);
        Progress = new ProgressPane(_gate);
    }

    public ProgressPane Progress { get; }

    public override PSHostRawUserInterface RawUI => _raw;

    public override bool SupportsVirtualTerminal => !Console.IsOutputRedirected;

    public override string ReadLine()
    {
        RequireInteraction("Read-Host");
        // What was written before is the question; the editor draws the whole line.
        return Ask(Console.IsInputRedirected ? string.Empty : Progress.UnfinishedLine);
    }

    public override SecureString ReadLineAsSecureString()
    {
        RequireInteraction("Read-Host -AsSecureString");
        var text = new LineEditor(this, completion: null, mask: '*').ReadLine(Progress.UnfinishedLine, isAnswer: true) ?? Stop();
        var secure = new SecureString();
        foreach (var character in text)
        {
            secure.AppendChar(character);
        }

        secure.MakeReadOnly();
        return secure;
    }

    public override void Write(string value) => Emit(Console.Out, value, newLine: false, Console.IsOutputRedirected);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        => Write(AnsiColor.Wrap(foregroundColor, backgroundColor, _raw, value));

    public override void WriteLine(string value) => Emit(Console.Out, value, newLine: true, Console.IsOutputRedirected);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        => WriteLine(AnsiColor.Wrap(foregroundColor, backgroundColor, _raw, value));

    public override void WriteErrorLine(string value)
        => Emit(Console.Error, Styled(FormatStyle.Error, value), newLine: true, Console.IsErrorRedirected);

    public override void WriteDebugLine(string message)
        => Emit(Console.Out, Styled(FormatStyle.Debug, "DEBUG: " + message), newLine: true, Console.IsOutputRedirected);

    public override void WriteVerboseLine(string message)
        => Emit(Console.Out, Styled(FormatStyle.Verbose, "VERBOSE: " + message), newLine: true, Console.IsOutputRedirected);

    public override void WriteWarningLine(string message)
        => Emit(Console.Out, Styled(FormatStyle.Warning, "WARNING: " + message), newLine: true, Console.IsOutputRedirected);

    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Update(sourceId, record);

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireInteraction(message);
        var answers = new Dictionary<string, PSObject>();
        WriteHeading(caption, message);
        foreach (var field in descriptions)
        {
            answers[field.Name] = PSObject.AsPSObject(Ask(field.Name + ": "));
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireInteraction(message);
        return _choices.AskOne(caption, message, choices, defaultChoice);
    }

    public Collection<int> PromptForChoice(string? caption, string? message, Collection<ChoiceDescription> choices, IEnumerable<int>? defaultChoices)
    {
        RequireInteraction(message ?? string.Empty);
        return _choices.AskMany(caption ?? string.Empty, message ?? string.Empty, choices, defaultChoices);
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
        => throw new PSNotSupportedException("This host does not ask for credentials.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
        => PromptForCredential(caption, message, userName, targetName);

    /// <summary>A question's first lines.</summary>
    internal void WriteHeading(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption))
        {
            WriteLine();
            WriteLine(SupportsVirtualTerminal ? $"\e[1m{caption}\e[0m" : caption);
        }

        if (!string.IsNullOrEmpty(message))
        {
            WriteLine(message);
        }
    }

    /// <summary>Reads one answer; ends the pipeline where the input ends or Ctrl-C is pressed.</summary>
    internal string Ask(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            Write(prompt);
            return Console.In.ReadLine() ?? throw EndOfInput();
        }

        return new LineEditor(this, completion: null).ReadLine(prompt, isAnswer: true) ?? Stop();
    }

    /// <summary>Captured text is plain, unless the user said otherwise.</summary>
    private static bool KeepsColours => PSStyle.Instance.OutputRendering == OutputRendering.Ansi;

    private string Stop()
    {
        _stopRunning();
        throw new PipelineStoppedException();
    }

    private static HostException EndOfInput() => new("The input has ended, and with it the answers.");

    private void RequireInteraction(string question)
    {
        if (!_interactive)
        {
            throw new HostException($"Cannot ask: the session is not interactive. The question was: {question}");
        }

        Progress.Clear();
    }

    private static string Styled(FormatStyle style, string text)
    {
        var start = GetFormatStyleString(style);
        return start.Length == 0 ? text : start + text + "\e[0m";
    }

    private void Emit(TextWriter writer, string? value, bool newLine, bool plain)
    {
        var text = GetOutputString(value ?? string.Empty, supportsVirtualTerminal: !plain);
        lock (_gate)
        {
            if (OutputCapture.Current is { } capture && ReferenceEquals(writer, Console.Out))
            {
                capture.Write(GetOutputString(value ?? string.Empty, KeepsColours) + (newLine ? "\n" : string.Empty));
                return;
            }

            Progress.Hide();
            if (newLine)
            {
                writer.WriteLine(text);
            }
            else
            {
                writer.Write(text);
            }

            if (!plain)
            {
                Progress.Written(newLine ? text + "\n" : text);
            }
        }
    }
}
