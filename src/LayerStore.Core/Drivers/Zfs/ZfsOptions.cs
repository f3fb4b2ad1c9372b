namespace LayerStore.Drivers.Zfs;

/// <summary>zfs's options, by Docker's names.</summary>
internal sealed class ZfsOptions
{
    private const string FileSystemName = "zfs.fsname", SizeName = "zfs.size";

    // Of a dataset's 255 bytes; the rest is for "/", a layer's id and "@layer".
    private const int MaxNameLength = 180;

    /// <summary>What zfs takes.</summary>
    public static IReadOnlyList<DriverOption> Known { get; } =
    [
        new(FileSystemName, DriverOptionType.Text, "The dataset that the layers' datasets are made in, such as tank/layers; the one that the store stands on where it is not given."),
        new(SizeName, DriverOptionType.Size, "Limits what every container writes, where New-Container -Size gives it no limit of its own."),
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    public ZfsOptions(DriverOptions options)
    {
        var values = new DriverOptionValues(ZfsDriverFactory.DriverName, Known, options);
        FileSystem = values.Text(FileSystemName);
        Size = values.Size(SizeName) is > 0 and var size ? size : null;
        if (FileSystem is not null && !IsDataset(FileSystem))
            throw new StoreException(
                ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, FileSystemName,
                $"'{Printable.Escape(FileSystem)}' is no name of a ZFS file system, which the option {FileSystemName} of the driver {ZfsDriverFactory.DriverName} takes.",
                $"Give a pool, or a dataset in it such as tank/layers ('zfs list'), of at most {MaxNameLength} letters, digits and -_.:");
    }

    /// <summary>The dataset that layers go into; null for the one that the store stands on.</summary>
    public string? FileSystem { get; }

    /// <summary>What a container may write, in bytes; null for no limit.</summary>
    public long? Size { get; }

    /// <summary>True for what zfs(8) takes as a file system's name: components of letters, digits, spaces and -_.: between slashes, the first one a pool's, which begins with a letter.</summary>
    private static bool IsDataset(string name) => name.Length <= MaxNameLength && char.IsAsciiLetter(name[0])
        && name.Split('/').All(component => component is not ("" or "." or "..")
            && component.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or ':' or ' '));
}
