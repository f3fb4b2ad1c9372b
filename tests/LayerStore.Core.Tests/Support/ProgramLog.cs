using System.Diagnostics;
using System.Text;

namespace LayerStore.Tests.Support;

/// <summary>What a program that goes on running writes, for the message of a failure. Both streams are read at the same time.</summary>
internal sealed class ProgramLog
{
    private readonly StringBuilder _text = new();

    /// <summary>Reads what the process writes until it ends.</summary>
    public ProgramLog(Process process)
    {
        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }

    private void Add(object sender, DataReceivedEventArgs line)
    {
        lock (_text)
            _text.AppendLine(line.Data);
    }
}
