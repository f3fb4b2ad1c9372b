using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LayerStore.PowerShellHost.Terminal;

namespace LayerStore.PowerShellHost.StandIns;

/// <summary>Stand-in for Out-String: what Out-Host would show, as text.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class OutStringCommand : PSCmdlet, IDisposable
{
    private readonly List<object?> _input = [];
    private SteppablePipeline? _output;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    public int Width { get; set; }

    protected override void ProcessRecord() => _input.Add(InputObject);

    protected override void EndProcessing()
    {
        using var writer = new StringWriter();
        using (OutputCapture.Start(writer))
        {
            _output = ScriptBlock.Create("Out-Host").GetSteppablePipeline();
            _output.Begin(expectInput: true);
            _input.ForEach(item => _output.Process(item));
            _output.End();
        }

        var text = writer.ToString();
        if (Stream)
        {
            WriteObject(text.TrimEnd('\n').Split('\n'), enumerateCollection: true);
        }
        else
        {
            WriteObject(text);
        }
    }

    public void Dispose() => _output?.Dispose();
}
