using System.Globalization;

namespace LayerStore.Drivers;

/// <summary>What drivers say of options that they do not take.</summary>
internal static class OptionErrors
{
    /// <summary>An option that the driver does not have.</summary>
    public static StoreException Unknown(string driver, string option, IReadOnlyList<DriverOption> known) => new(
        ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, option,
        $"The driver {driver} has no option '{Printable.Escape(option)}'.",
        known.Count == 0 ? "It takes no options: leave them out." : $"It knows: {string.Join(", ", known.Select(other => other.Name))}.");

    /// <summary>Options that no driver takes, or not together.</summary>
    public static StoreException NoDriver(IEnumerable<string> options, IEnumerable<IStorageDriverFactory> drivers) => new(
        ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, string.Join(", ", options),
        $"No driver has the option{(options.Skip(1).Any() ? "s" : "")} {string.Join(" and ", options.Select(option => $"'{Printable.Escape(option)}'"))}.",
        $"Options that a driver knows: {string.Join(", ", drivers.SelectMany(driver => driver.Options).Select(option => option.Name))}.");

    /// <summary>A value that the option does not take.</summary>
    public static StoreException Invalid(string driver, DriverOption option, string value) => new(
        ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, option.Name,
        $"'{Printable.Escape(value)}' is no value for the option {option.Name} of the driver {driver}.",
        $"Give {Expected(option)}.");

    private static string Expected(DriverOption option)
    {
        var kind = option.Type switch
        {
            DriverOptionType.Boolean => "true or false",
            DriverOptionType.Choice => "one of: " + string.Join(", ", option.Values),
            DriverOptionType.Size => "a size such as 10G",
            DriverOptionType.Percentage => "a percentage such as 10%",
            DriverOptionType.Number => "a whole number",
            _ => "a text that is not empty",
        };
        return kind
            + (option.Minimum > 0 ? $", at least {Bound(option.Minimum)}" : "")
            + (option.Maximum < long.MaxValue ? $", at most {Bound(option.Maximum)}" : "");

        string Bound(long value) => option.Type switch
        {
            DriverOptionType.Size => Size(value),
            DriverOptionType.Percentage => string.Create(CultureInfo.InvariantCulture, $"{value}%"),
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>As the user would write it: <c>64M</c>, where that is exact.</summary>
    private static string Size(long bytes)
    {
        const string Units = "KMGT";
        for (var unit = Units.Length; unit > 0; unit--)
        {
            var size = 1L << (10 * unit);
            if (bytes > 0 && bytes % size == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{Units[unit - 1]}");
        }
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
    }
}
