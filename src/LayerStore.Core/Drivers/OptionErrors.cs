namespace LayerStore.Drivers;

/// <summary>What drivers say of options that they do not take.</summary>
internal static class OptionErrors
{
    public static StoreException Unknown(string driver, string option, IReadOnlyList<string> known) => new(
        ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, option,
        $"The driver {driver} has no option '{Printable.Escape(option)}'.",
        $"It knows: {string.Join(", ", known)}.");

    public static StoreException Invalid(string driver, string option, string value, string expected) => new(
        ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, option,
        $"'{Printable.Escape(value)}' is no value for the option {option} of the driver {driver}.",
        $"Give {expected}.");

    public static StoreException NoQuota(string driver, string option) => new(
        ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, option,
        $"The option {option} asks the driver {driver} for quotas, which this version of LayerStore does not set.",
        "Leave the option out, and limit the file system that the store stands on.");

    /// <summary>True for a size as Docker writes it: digits, and a unit perhaps.</summary>
    public static bool IsSize(string value)
    {
        var digits = value.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits < 0)
            return value.Length > 0;
        return digits > 0 && value[digits..].Trim().ToUpperInvariant() is "B" or "K" or "KB" or "KIB" or "M" or "MB" or "MIB" or "G" or "GB" or "GIB"
            or "T" or "TB" or "TIB" or "P" or "PB" or "PIB";
    }
}
