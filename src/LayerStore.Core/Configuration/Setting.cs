namespace LayerStore.Configuration;

/// <summary>A setting that <c>layerstore.yaml</c> may have.</summary>
/// <param name="Name">From the top, with dots; <c>*</c> stands for a name that the user chooses.</param>
/// <param name="Type">What its value is.</param>
/// <param name="Description">What it does, as a sentence.</param>
public sealed record Setting(string Name, SettingType Type, string Description)
{
    /// <summary>The value where nobody says one, as it would be written; null where there is none, or where it depends on the machine.</summary>
    public string? Default { get; init; }

    /// <summary>The value as people who see an error or a completion would describe it.</summary>
    public string Expected => Type switch
    {
        SettingType.Path => "an absolute path",
        SettingType.Driver => "one of " + string.Join(", ", Drivers.DriverCatalog.All.Select(driver => driver.Name)),
        SettingType.DriverOption => "an option of a storage driver by Docker's name, with its value",
        SettingType.Boolean => "true or false",
        SettingType.Count => "a positive whole number",
        SettingType.Size => "a positive number of bytes, or a size such as 64GB",
        _ => "a list of http or https addresses",
    };
}
