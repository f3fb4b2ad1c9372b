using LayerStore.Drivers.Aufs;
using LayerStore.Drivers.Btrfs;
using LayerStore.Drivers.DeviceMapper;
using LayerStore.Drivers.Overlay2;
using LayerStore.Drivers.Vfs;
using LayerStore.Drivers.Zfs;

namespace LayerStore.Drivers;

/// <summary>The drivers that exist, best first, and the choice between them as Docker makes it.</summary>
public static class DriverCatalog
{
    /// <summary>
    /// Every driver, in order of preference: that of today's Docker (overlay2, btrfs, zfs, vfs), with those that Docker gave up where they cannot be chosen by accident. vfs works everywhere, so that
    /// devicemapper, which would make a pool on files of its own, is only taken by name or where it holds data.
    /// </summary>
    public static IReadOnlyList<IStorageDriverFactory> All { get; } =
    [
        new Overlay2DriverFactory(), new BtrfsDriverFactory(), new ZfsDriverFactory(), new AufsDriverFactory(), new VfsDriverFactory(), new DeviceMapperDriverFactory(),
    ];

    /// <summary>The driver of that name.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverUnknown"/> with the names that exist.</exception>
    public static IStorageDriverFactory Get(string name) => Get(All, name);

    /// <summary>As <see cref="Get(string)"/>, of these drivers.</summary>
    internal static IStorageDriverFactory Get(IReadOnlyList<IStorageDriverFactory> drivers, string name) =>
        drivers.FirstOrDefault(driver => driver.Name == name)
        ?? throw new StoreException(
            ErrorIds.DriverUnknown, StoreErrorKind.InvalidArgument, name,
            $"There is no storage driver '{Printable.Escape(name)}'.",
            $"Choose one of: {string.Join(", ", drivers.Select(driver => driver.Name))}.");

    /// <summary>
    /// Chooses the driver of a root that has no database yet, as Docker does: the one that is asked for; else the one that holds data there, and never silently another, since its images would
    /// seem to have disappeared; else the first that works.
    /// </summary>
    /// <param name="root">An existing directory on the store's file system.</param>
    /// <param name="explicitName">The driver that the user named; null where he did not.</param>
    /// <param name="options">The options that it will be opened with.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.DriverUnknown"/>; <see cref="ErrorIds.DriverAmbiguous"/> where several hold data; <see cref="ErrorIds.DriverUnsupported"/> with the check that failed, its evidence
    /// and its remedy.
    /// </exception>
    public static IStorageDriverFactory Choose(string root, string? explicitName = null, DriverOptions? options = null) =>
        Choose(All, root, explicitName, options);

    /// <summary>As <see cref="Choose(string, string?, DriverOptions?)"/>, of these drivers.</summary>
    /// <param name="drivers">The drivers, best first.</param>
    /// <param name="root">Where drivers may hold data.</param>
    /// <param name="explicitName">The driver that the user named; null where he did not.</param>
    /// <param name="options">The options that it will be opened with.</param>
    /// <param name="place">Where they are probed; null for the root itself.</param>
    /// <param name="defaults">What counts where neither a name, nor data in the root, nor options decide.</param>
    internal static IStorageDriverFactory Choose(
        IReadOnlyList<IStorageDriverFactory> drivers, string root, string? explicitName = null, DriverOptions? options = null, string? place = null, StoreDefaults? defaults = null)
    {
        var directory = place ?? root;
        IReadOnlyList<string> priors = explicitName is null ? PriorDrivers.Find(root, drivers.Select(driver => driver.Name)) : [];
        if (priors.Count > 1)
            throw Ambiguous(root, priors);
        if ((explicitName ?? priors.SingleOrDefault() ?? Preferred(drivers, options, defaults)) is { } name)
        {
            var driver = Get(drivers, name);
            var all = OptionsOf(driver, options, defaults);
            driver.CheckOptions(all);
            var report = driver.Probe(directory, all);
            return report.Supported ? driver : throw (priors.Count == 1 ? PriorUnsupported(report) : Unsupported(report));
        }
        var reports = new List<ProbeReport>();
        foreach (var driver in Taking(drivers, options ?? []))
        {
            var report = driver.Probe(directory, OptionsOf(driver, options, defaults));
            if (report.Supported)
                return driver;
            reports.Add(report);
        }
        throw new StoreException(
            ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, directory,
            $"No storage driver works in '{Printable.Escape(directory)}': "
            + string.Join("; ", reports.Select(report => $"{report.Driver}: {Describe(report.Failure!)}")) + ".",
            string.Join(" ", reports.Select(report => report.Failure!.Remedy).Where(remedy => remedy.Length > 0).Distinct()));
    }

    /// <summary>The options that a driver is opened with: those that were given, and of the defaults those that it takes.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="given">What counts first; whether the driver takes it is not looked at.</param>
    /// <param name="defaults">What counts where nothing was given.</param>
    public static DriverOptions OptionsOf(IStorageDriverFactory driver, DriverOptions? given, StoreDefaults? defaults)
    {
        ArgumentNullException.ThrowIfNull(driver);
        var options = new DriverOptions();
        foreach (var (name, value) in defaults?.DriverOptions ?? [])
        {
            if (Takes(driver, name))
                options[name] = value;
        }
        foreach (var (name, value) in given ?? [])
            options[name] = value;
        return options;
    }

    /// <summary>Refuses options that no driver has.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    public static void RefuseUnknown(DriverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RefuseUnknown(All, options);
    }

    private static void RefuseUnknown(IReadOnlyList<IStorageDriverFactory> drivers, DriverOptions options)
    {
        string[] unknown = [.. options.Keys.Where(name => !drivers.Any(driver => Takes(driver, name)))];
        if (unknown.Length > 0)
            throw OptionErrors.NoDriver(unknown, drivers);
    }

    private static bool Takes(IStorageDriverFactory driver, string option) => driver.Options.Any(known => known.IsMeantBy(option));

    /// <summary>The default driver, unless it does not take the options that were given: these count more.</summary>
    private static string? Preferred(IReadOnlyList<IStorageDriverFactory> drivers, DriverOptions? given, StoreDefaults? defaults) =>
        defaults?.Driver is { } name && (given is null || given.Keys.All(key => Takes(Get(drivers, name), key))) ? name : null;

    /// <summary>The drivers that take all these options; a value that one of them does not take is the user's mistake and no reason to choose another.</summary>
    private static IStorageDriverFactory[] Taking(IReadOnlyList<IStorageDriverFactory> drivers, DriverOptions options)
    {
        IStorageDriverFactory[] taking = [.. drivers.Where(driver => options.Keys.All(name => Takes(driver, name)))];
        if (taking.Length == 0)
        {
            RefuseUnknown(drivers, options);
            throw OptionErrors.NoDriver(options.Keys, drivers);
        }
        foreach (var driver in taking)
            driver.CheckOptions(options);
        return taking;
    }

    /// <summary>The error of a driver that cannot work where it was probed.</summary>
    internal static StoreException Unsupported(ProbeReport report)
    {
        var failure = report.Failure!;
        return new StoreException(
            ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, report.Path,
            $"The storage driver {report.Driver} does not work in '{Printable.Escape(report.Path)}': {Describe(failure)}.",
            failure.Remedy);
    }

    private static StoreException PriorUnsupported(ProbeReport report) => new(
        ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, report.Path,
        $"There are layers of the storage driver {report.Driver}, which does not work in '{Printable.Escape(report.Path)}' now: {Describe(report.Failure!)}.",
        $"{report.Failure!.Remedy} No other driver was chosen: the images of {report.Driver} would seem to have disappeared; name one (-Driver) if they may.".TrimStart());

    private static StoreException Ambiguous(string root, IReadOnlyList<string> priors) => new(
        ErrorIds.DriverAmbiguous, StoreErrorKind.InvalidArgument, root,
        $"'{Printable.Escape(root)}' contains several valid graphdrivers: {string.Join(", ", priors)}.",
        "Please clean up, or explicitly choose the storage driver (-Driver).");

    /// <summary>A failed check in one clause.</summary>
    internal static string Describe(ProbeCheck failure) => $"the check '{failure.Name}' failed: {Printable.Escape(failure.Evidence).TrimEnd('.')}";
}
