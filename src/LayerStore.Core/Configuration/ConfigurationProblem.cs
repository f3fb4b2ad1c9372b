namespace LayerStore;

/// <summary>Something in a configuration file that is not as it should be.</summary>
public sealed record ConfigurationProblem
{
    /// <summary>The file; empty where a text was checked.</summary>
    public required string Path { get; init; }

    /// <summary>The line, counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The column, counted from 1.</summary>
    public required int Column { get; init; }

    /// <summary>The setting, by its name from the top: <c>limits.maxEntries</c>; empty for the file as a whole.</summary>
    public required string Setting { get; init; }

    /// <summary>Whether the file says something that cannot count, or something that is probably not meant.</summary>
    public ConfigurationSeverity Severity { get; init; } = ConfigurationSeverity.Error;

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>What was expected there.</summary>
    public required string Expected { get; init; }

    /// <summary><c>layerstore.yaml:3:7: message; expected …</c>, as compilers and editors write it.</summary>
    public override string ToString() => $"{(Path.Length == 0 ? "text" : Printable.Escape(Path))}:{Line}:{Column}: {Message} Expected {Expected}.";
}
