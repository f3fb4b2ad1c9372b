using LayerStore.Drivers.Overlay2;
using LayerStore.Drivers.Vfs;

namespace LayerStore.Drivers;

/// <summary>The drivers that exist, best first, and the choice between them as Docker makes it.</summary>
public static class DriverCatalog
{
    /// <summary>Every driver, in order of preference.</summary>
    public static IReadOnlyList<IStorageDriverFactory> All { get; } = [new Overlay2DriverFactory(), new VfsDriverFactory()];

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
    /// Chooses the driver of a store: the one that it was made with, else the one that is asked for, else the first that works here. A store is never
    /// opened with another driver than its own: its images would seem to have disappeared.
    /// </summary>
    /// <param name="root">An existing directory on the store's file system.</param>
    /// <param name="explicitName">The driver that the user named; null where he did not.</param>
    /// <param name="priorDriver">The driver that the store was made with; null where it is new.</param>
    /// <param name="options">The options that it will be opened with.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.DriverUnknown"/>, <see cref="ErrorIds.DriverMismatch"/>, or <see cref="ErrorIds.DriverUnsupported"/> with the check that failed, its evidence
    /// and its remedy.
    /// </exception>
    public static IStorageDriverFactory Choose(string root, string? explicitName = null, string? priorDriver = null, DriverOptions? options = null) =>
        Choose(All, root, explicitName, priorDriver, options);

    /// <summary>As <see cref="Choose(string, string?, string?, DriverOptions?)"/>, of these drivers.</summary>
    internal static IStorageDriverFactory Choose(
        IReadOnlyList<IStorageDriverFactory> drivers, string root, string? explicitName = null, string? priorDriver = null, DriverOptions? options = null)
    {
        if (explicitName is not null && priorDriver is not null && explicitName != priorDriver)
        {
            _ = Get(drivers, explicitName);
            throw new StoreException(
                ErrorIds.DriverMismatch, StoreErrorKind.InvalidArgument, root,
                $"The store in '{Printable.Escape(root)}' was made with the driver {Printable.Escape(priorDriver)}, not {explicitName}.",
                $"Leave the driver out or name {Printable.Escape(priorDriver)}; for another driver, use another root.");
        }
        if ((explicitName ?? priorDriver) is { } name)
        {
            var driver = Get(drivers, name);
            _ = new DriverOptionValues(name, driver.Options, options ?? []);
            var report = driver.Probe(root, options ?? []);
            return report.Supported ? driver : throw Unsupported(report);
        }
        var reports = new List<ProbeReport>();
        foreach (var driver in Taking(drivers, options ?? []))
        {
            var report = driver.Probe(root, options ?? []);
            if (report.Supported)
                return driver;
            reports.Add(report);
        }
        throw new StoreException(
            ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, root,
            $"No storage driver works in '{Printable.Escape(root)}': "
            + string.Join("; ", reports.Select(report => $"{report.Driver}: {Describe(report.Failure!)}")) + ".",
            string.Join(" ", reports.Select(report => report.Failure!.Remedy).Where(remedy => remedy.Length > 0).Distinct()));
    }

    /// <summary>The drivers that take all these options; a value that one of them does not take is the user's mistake and no reason to choose another.</summary>
    private static IStorageDriverFactory[] Taking(IReadOnlyList<IStorageDriverFactory> drivers, DriverOptions options)
    {
        IStorageDriverFactory[] taking = [.. drivers.Where(driver => options.Keys.All(name => driver.Options.Any(option => option.Name == name)))];
        if (taking.Length == 0)
        {
            var known = drivers.SelectMany(driver => driver.Options).ToArray();
            var unknown = options.Keys.Where(name => known.All(option => option.Name != name)).ToArray();
            throw OptionErrors.NoDriver(unknown.Length > 0 ? unknown : [.. options.Keys], known);
        }
        foreach (var driver in taking)
            _ = new DriverOptionValues(driver.Name, driver.Options, options);
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

    private static string Describe(ProbeCheck failure) => $"the check '{failure.Name}' failed: {Printable.Escape(failure.Evidence).TrimEnd('.')}";
}
