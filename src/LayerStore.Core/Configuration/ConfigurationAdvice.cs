using LayerStore.Drivers;
using YamlDotNet.Core;

namespace LayerStore.Configuration;

/// <summary>Says what is right by its form and probably not meant.</summary>
internal static class ConfigurationAdvice
{
    /// <summary>The warnings of a text.</summary>
    public static IEnumerable<ConfigurationProblem> Of(ConfigurationReading reading, string path)
    {
        var configuration = reading.Configuration;
        var driver = DriverCatalog.All.FirstOrDefault(driver => driver.Name == configuration.Driver);
        foreach (var option in configuration.DriverOptions.Keys.Where(option => driver is not null && driver.Options.All(known => known.Name != option)))
            yield return Warning(reading, path, "driverOptions." + option, $"The driver {driver!.Name} has no option '{option}': new stores do not have it.", $"an option of {driver.Name}");
        foreach (var registry in configuration.Registries)
        {
            if (registry.CertificateAuthority is { } file && !File.Exists(file))
                yield return Warning(reading, path, $"registries.{registry.Name}.certificateAuthority", $"There is no file '{Printable.Escape(file)}'.", "a file that exists");
        }
    }

    private static ConfigurationProblem Warning(ConfigurationReading reading, string path, string setting, string message, string expected)
    {
        var place = reading.Places.GetValueOrDefault(setting, Mark.Empty);
        return new ConfigurationProblem
        {
            Path = path,
            Line = (int)place.Line,
            Column = (int)place.Column,
            Setting = setting,
            Severity = ConfigurationSeverity.Warning,
            Message = message,
            Expected = expected,
        };
    }
}
