namespace LayerStore.PowerShellHost.Terminal;

/// <summary>While it lives, what goes to the terminal goes to a writer instead.</summary>
internal sealed class OutputCapture : IDisposable
{
    private readonly TextWriter? _before;

    private OutputCapture(TextWriter writer)
    {
        _before = Current;
        Current = writer;
    }

    /// <summary>The writer of the innermost capture; null where there is none.</summary>
    public static TextWriter? Current { get; private set; }

    public static OutputCapture Start(TextWriter writer) => new(writer);

    public void Dispose() => Current = _before;
}
