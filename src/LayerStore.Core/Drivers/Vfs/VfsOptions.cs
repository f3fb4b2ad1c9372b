namespace LayerStore.Drivers.Vfs;

/// <summary>vfs's options, by Docker's names.</summary>
internal sealed class VfsOptions
{
    private const string SizeName = "size";

    /// <summary>What vfs takes.</summary>
    public static IReadOnlyList<DriverOption> Known { get; } =
    [
        new(SizeName, DriverOptionType.Size, "Limits every container's writable layer, the image's files included, where New-Container -Size gives it no limit of its own."),
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>, <see cref="ErrorIds.DriverUnsupported"/>.</exception>
    public VfsOptions(DriverOptions options)
    {
        var values = new DriverOptionValues(VfsDriverFactory.DriverName, Known, options);
        if (values.Size(SizeName) > 0)
            throw QuotaErrors.Unsupported(VfsDriverFactory.DriverName, SizeName);
    }
}
