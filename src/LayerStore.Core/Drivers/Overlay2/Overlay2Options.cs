namespace LayerStore.Drivers.Overlay2;

/// <summary>overlay2's options, by Docker's names.</summary>
internal sealed class Overlay2Options
{
    private const string SizeName = "overlay2.size";

    /// <summary>What overlay2 takes.</summary>
    public static IReadOnlyList<DriverOption> Known { get; } =
    [
        new(SizeName, DriverOptionType.Size, "Limits every container's writable layer, where New-Container -Size gives it no limit of its own."),
        // Nothing here goes by the kernel's version; Docker's configurations may say it all the same.
        new("overlay2.override_kernel_check", DriverOptionType.Boolean, "Has no effect: what the kernel can do is tried, not read off its version.") { Default = "false" },
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>, <see cref="ErrorIds.DriverUnsupported"/>.</exception>
    public Overlay2Options(DriverOptions options)
    {
        var values = new DriverOptionValues(Overlay2DriverFactory.DriverName, Known, options);
        if (values.Size(SizeName) > 0)
            throw QuotaErrors.Unsupported(Overlay2DriverFactory.DriverName, SizeName);
    }
}
