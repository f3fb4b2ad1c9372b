namespace LayerStore.Drivers.Vfs;

/// <summary>vfs's options, by Docker's names.</summary>
internal sealed class VfsOptions
{
    public const string SizeName = "size";

    /// <summary>What vfs takes.</summary>
    public static IReadOnlyList<DriverOption> Known { get; } =
    [
        new(SizeName, DriverOptionType.Size, "Limits every container's writable layer, the image's files included, where New-Container -Size gives it no limit of its own."),
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    public VfsOptions(DriverOptions options)
    {
        var size = new DriverOptionValues(VfsDriverFactory.DriverName, Known, options).Size(SizeName);
        // As with Docker, 0 is no limit.
        Quota = size > 0 ? new LayerQuota(size) : null;
    }

    /// <summary>The limit of containers that have none of their own; null where there is none.</summary>
    public LayerQuota? Quota { get; }
}
