namespace LayerStore.Configuration;

/// <summary>What a setting's value is.</summary>
public enum SettingType
{
    /// <summary>An absolute path.</summary>
    Path,

    /// <summary>A storage driver's name.</summary>
    Driver,

    /// <summary>A storage driver's option, as a text.</summary>
    DriverOption,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A positive whole number.</summary>
    Count,

    /// <summary>A positive number of bytes, or a size such as <c>64GB</c> (decimal, as Docker prints sizes).</summary>
    Size,

    /// <summary>A list of http and https addresses.</summary>
    Addresses,
}
