using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;
using System.Text;

namespace LayerStore.PS.Tests.Hosting;

/// <summary>Keeps text, without colours where they are not asked for, and progress records.</summary>
internal sealed class CapturingUserInterface(int width, bool colours) : PSHostUserInterface
{
    private readonly StringBuilder _text = new();

    /// <summary>What was shown since the last call, without trailing blanks.</summary>
    internal string TakeText()
    {
        var lines = _text.ToString().Replace("\r", "", StringComparison.Ordinal).Split('\n').Select(line => line.TrimEnd());
        _text.Clear();
        return string.Join('\n', lines).Trim('\n');
    }

    internal ConcurrentQueue<ProgressRecord> Progress { get; } = new();

    public override PSHostRawUserInterface RawUI { get; } = new FixedRawUserInterface(width);

    public override bool SupportsVirtualTerminal => colours;

    public override void Write(string value) => _text.Append(Shown(value));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => _text.Append(Shown(value)).Append('\n');

    public override void WriteErrorLine(string value) => WriteLine(value);

    public override void WriteDebugLine(string message) => WriteLine(message);

    public override void WriteVerboseLine(string message) => WriteLine(message);

    public override void WriteWarningLine(string message) => WriteLine(message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Enqueue(record);

    public override string ReadLine() => throw new NotSupportedException();

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new NotSupportedException();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw new NotSupportedException();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new NotSupportedException();

    private string Shown(string value) => colours ? value : new StringDecorated(value).ToString(OutputRendering.PlainText);
}
