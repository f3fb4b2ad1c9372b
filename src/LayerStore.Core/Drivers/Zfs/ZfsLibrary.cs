using LayerStore.Linux.Zfs;

namespace LayerStore.Drivers.Zfs;

/// <summary>OpenZFS's libraries, as the machine has them.</summary>
internal sealed class ZfsLibrary : IZfsLibrary
{
    // What beginning and ending write belongs to the whole process.
    private static readonly Lock s_lock = new();

    private ZfsLibrary()
    {
    }

    /// <summary>The machine's; null where it has none that is known.</summary>
    public static ZfsLibrary? Installed => OperatingSystem.IsLinux() && LibZfs.IsInstalled ? new ZfsLibrary() : null;

    public bool Create(string dataset, IEnumerable<string> properties) => Ask(_ =>
    {
        using var list = NameValueList.OfProperties(properties);
        return list is not null && LibZfs.CreateDataset(dataset, LibZfs.FileSystemObjects, list, 0, 0) == 0;
    });

    public bool Clone(string snapshot, string dataset, IEnumerable<string> properties) => Ask(_ =>
    {
        using var list = NameValueList.OfProperties(properties);
        return list is not null && LibZfs.CloneSnapshot(dataset, snapshot, list) == 0;
    });

    public bool Snapshot(string snapshot) => AskCore(() =>
    {
        using var names = NameValueList.OfName(snapshot);
        var error = LibZfs.CreateSnapshots(names, 0, out var errors);
        LibZfs.FreeList(errors);
        return error == 0;
    });

    public bool Destroy(string dataset, string snapshot) => AskCore(() =>
    {
        // A container has no snapshot, and one that is not there is waited for as if it were.
        if (LibZfs.DestroyDataset(dataset) == 0)
            return true;
        if (LibZfs.Exists(snapshot) == 0)
            return false;
        using var names = NameValueList.OfName(snapshot);
        var error = LibZfs.DestroySnapshots(names, 0, out var errors);
        LibZfs.FreeList(errors);
        return error == 0 && LibZfs.DestroyDataset(dataset) == 0;
    });

    public bool Sync(string pool) => AskCore(() =>
    {
        using var options = NameValueList.OfBoolean("force", false);
        return LibZfs.SyncPool(pool, options, 0) == 0;
    });

    public IReadOnlySet<string>? FindExisting(IEnumerable<string> names) => AskCore(() => names.Where(name => LibZfs.Exists(name) != 0).ToHashSet());

    public IReadOnlyDictionary<string, ZfsUsage>? UsageOf(IEnumerable<string> datasets) => Ask(handle =>
    {
        var (used, written) = (LibZfs.PropertyOf("used"), LibZfs.PropertyOf("written"));
        if (used < 0 || written < 0)
            return null;
        var found = new Dictionary<string, ZfsUsage>();
        foreach (var name in datasets)
        {
            var dataset = LibZfs.OpenDataset(handle, name, LibZfs.FileSystemType);
            if (dataset != 0)
            {
                found[name] = new ZfsUsage(Bytes(LibZfs.NumberOf(dataset, used)), Bytes(LibZfs.NumberOf(dataset, written)));
                LibZfs.CloseDataset(dataset);
            }
            else if (LibZfs.Exists(name) != 0)
                return null;
        }
        return found;

        static long Bytes(ulong value) => (long)Math.Min(value, long.MaxValue);
    });

    /// <summary>Asks by a handle of this question's own: one that stayed open would keep the kernel's module from being replaced as long as the process lives.</summary>
    private static T? Ask<T>(Func<nint, T> question)
    {
        nint handle = 0;
        return Between(() => (handle = LibZfs.Open()) != 0, () => LibZfs.Close(handle), () =>
        {
            LibZfs.PrintOnError(handle, 0);
            return question(handle);
        });
    }

    /// <summary>As <see cref="Ask"/>, of libzfs_core alone: it needs no handle, and not the milliseconds that it takes to make one.</summary>
    private static T? AskCore<T>(Func<T> question) => Between(() => LibZfs.OpenCore() == 0, LibZfs.CloseCore, question);

    private static T? Between<T>(Func<bool> open, Action close, Func<T> question)
    {
        lock (s_lock)
        {
            if (!open())
                return default;
        }
        try
        {
            return question();
        }
        finally
        {
            lock (s_lock)
                close();
        }
    }
}
