namespace LayerStore.Drivers.Overlay2;

/// <summary>overlay2's options, by Docker's names.</summary>
internal sealed class Overlay2Options
{
    public const string SizeName = "overlay2.size";
    private const string InodesName = "overlay2.inodes";

    /// <summary>What overlay2 takes.</summary>
    public static IReadOnlyList<DriverOption> Known { get; } =
    [
        new(SizeName, DriverOptionType.Size, "Limits what each container writes, where New-Container -Size gives it no limit of its own; needs project quota."),
        // Docker has no such option; containers/storage calls it overlay.inodes.
        new(InodesName, DriverOptionType.Number, "Limits how many files each container makes; needs project quota."),
        // Nothing here goes by the kernel's version; Docker's configurations may say it all the same.
        new("overlay2.override_kernel_check", DriverOptionType.Boolean, "Has no effect: what the kernel can do is tried, not read off its version.") { Default = "false" },
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    public Overlay2Options(DriverOptions options)
    {
        var values = new DriverOptionValues(Overlay2DriverFactory.DriverName, Known, options);
        // As with Docker, 0 is no limit.
        var size = values.Size(SizeName) is > 0 and var bytes ? bytes : (long?)null;
        var inodes = values.Number(InodesName) is > 0 and var count ? count : (long?)null;
        Quota = size is null && inodes is null ? null : new LayerQuota(size, inodes);
    }

    /// <summary>The limit of containers that have none of their own; null where there is none.</summary>
    public LayerQuota? Quota { get; }
}
