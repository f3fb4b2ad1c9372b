namespace LayerStore.Drivers.Btrfs;

/// <summary>btrfs's options: Docker's own, and for the default size the name that its other drivers give it.</summary>
internal sealed class BtrfsOptions
{
    private const string MinimumSpaceName = "btrfs.min_space", SizeName = "btrfs.size";

    private static readonly DriverOption s_size = new(
        SizeName, DriverOptionType.Size,
        "Limits every container, its image's files included, where New-Container -Size gives it no limit of its own. Needs the file system's quota (btrfs quota enable).");

    /// <summary>What btrfs takes.</summary>
    public static IReadOnlyList<DriverOption> Known { get; } =
    [
        s_size,
        new(MinimumSpaceName, DriverOptionType.Size, "The least that a container's limit may be. Needs the file system's quota (btrfs quota enable)."),
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/> naming the option and what it takes.</exception>
    public BtrfsOptions(DriverOptions options)
    {
        var values = new DriverOptionValues(BtrfsDriverFactory.DriverName, Known, options);
        MinimumSpace = values.Size(MinimumSpaceName) ?? 0;
        Size = values.Size(SizeName) is { } size and > 0 ? size : null;
        if (Size < MinimumSpace)
            throw OptionErrors.Invalid(BtrfsDriverFactory.DriverName, s_size with { Minimum = MinimumSpace }, options[SizeName]);
    }

    /// <summary>The least that a layer's limit may be, in bytes.</summary>
    public long MinimumSpace { get; }

    /// <summary>The limit of every container, in bytes; null for none.</summary>
    public long? Size { get; }

    /// <summary>True where they need the file system's quota.</summary>
    public bool NeedQuota => MinimumSpace > 0 || Size is not null;

    /// <summary>A limit below the least one.</summary>
    public static StoreException TooSmall(LayerId id, long bytes, long minimum) => new(
        ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, id.Value,
        $"A limit of {bytes} bytes is less than this store allows: {minimum} bytes ({MinimumSpaceName}).", "Give a larger size.");
}
