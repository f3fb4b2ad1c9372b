namespace LayerStore.Drivers.Overlay2;

/// <summary>overlay2's options, by Docker's names.</summary>
internal static class Overlay2Options
{
    private static readonly string[] Known = ["overlay2.override_kernel_check", "overlay2.size"];

    /// <summary>Refuses what overlay2 does not know or cannot do.</summary>
    public static void Validate(DriverOptions options)
    {
        foreach (var (name, value) in options)
        {
            switch (name)
            {
                case "overlay2.override_kernel_check":
                    // Nothing here goes by the kernel's version; Docker's configurations may say it all the same.
                    if (!bool.TryParse(value, out _) && value is not ("0" or "1"))
                        throw OptionErrors.Invalid(Overlay2DriverFactory.DriverName, name, value, "true or false");
                    break;
                case "overlay2.size":
                    if (!OptionErrors.IsSize(value))
                        throw OptionErrors.Invalid(Overlay2DriverFactory.DriverName, name, value, "a size such as 10G");
                    throw OptionErrors.NoQuota(Overlay2DriverFactory.DriverName, name);
                default:
                    throw OptionErrors.Unknown(Overlay2DriverFactory.DriverName, name, Known);
            }
        }
    }
}
