namespace LayerStore.Drivers.Vfs;

/// <summary>vfs's options, by Docker's names.</summary>
internal static class VfsOptions
{
    private static readonly string[] Known = ["size"];

    /// <summary>Refuses what vfs does not know or cannot do.</summary>
    public static void Validate(DriverOptions options)
    {
        foreach (var (name, value) in options)
        {
            if (name != "size")
                throw OptionErrors.Unknown(VfsDriverFactory.DriverName, name, Known);
            throw OptionErrors.IsSize(value)
                ? OptionErrors.NoQuota(VfsDriverFactory.DriverName, name)
                : OptionErrors.Invalid(VfsDriverFactory.DriverName, name, value, "a size such as 10G");
        }
    }
}
