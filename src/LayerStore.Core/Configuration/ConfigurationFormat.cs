namespace LayerStore;

/// <summary>How a configuration is written. Both are read everywhere.</summary>
public enum ConfigurationFormat
{
    /// <summary>YAML, which can have comments.</summary>
    Yaml,

    /// <summary>JSON.</summary>
    Json,
}
