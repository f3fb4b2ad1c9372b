namespace LayerStore.Drivers;

/// <summary>A driver before it is chosen: it can be probed, and it can be opened. One line in <see cref="DriverCatalog"/> adds a driver.</summary>
public interface IStorageDriverFactory
{
    /// <summary>Docker's name of the driver.</summary>
    string Name { get; }

    /// <summary>The options that it takes, by Docker's names; none unless it says so.</summary>
    IReadOnlyList<DriverOption> Options => [];

    /// <summary>True where nobody but root can use the driver.</summary>
    bool RequiresRoot => true;

    /// <summary>What the driver can do where every check passes; <see cref="IStorageDriver.Features"/> says what it can do where it was opened.</summary>
    DriverFeatures Features { get; }

    /// <summary>Checks options and how they fit together, so that a mistake is told as one before anything is tried.</summary>
    /// <param name="options">The options that the driver would be opened with.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/> naming the option and what it takes.</exception>
    void CheckOptions(DriverOptions options) => _ = new DriverOptionValues(Name, Options, options);

    /// <summary>Tries everything that the driver needs in <paramref name="directory"/> (an existing directory on the file system in question). Never throws, leaves nothing behind.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="options">The options that the driver would be opened with; a wrong one is a failed check.</param>
    ProbeReport Probe(string directory, DriverOptions options);

    /// <summary>As <see cref="Probe(string, DriverOptions)"/>, without options.</summary>
    ProbeReport Probe(string directory) => Probe(directory, []);

    /// <summary>Opens the driver on its own directory, which is made where it is missing.</summary>
    /// <param name="home">The driver's directory, for example <c>/var/lib/layerstore/overlay2</c>.</param>
    /// <param name="options">The driver's options by Docker's names.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverUnsupported"/> with the check that failed, or <see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    IStorageDriver Open(string home, DriverOptions options);
}
