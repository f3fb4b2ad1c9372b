namespace LayerStore;

/// <summary>How bad a problem of a configuration is.</summary>
public enum ConfigurationSeverity
{
    /// <summary>What the file says counts, but it is probably not what was meant.</summary>
    Warning,

    /// <summary>What the file says there cannot count.</summary>
    Error,
}
