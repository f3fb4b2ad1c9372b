namespace LayerStore.Drivers.Zfs;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Zero where it did what it was told.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ZfsResult(int ExitCode, string Output, string Error)
{
    /// <summary>True where it did what it was told.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The rows of tab-separated output (<c>-H</c>).</summary>
    public IEnumerable<string[]> Rows => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'));

    /// <summary>Its complaint on one line, for messages; safe to print.</summary>
    public string Complaint
    {
        get
        {
            var text = Error.AsSpan().Trim().IsEmpty ? Output : Error;
            return Printable.Escape(text.Trim().ReplaceLineEndings("; "));
        }
    }
}
