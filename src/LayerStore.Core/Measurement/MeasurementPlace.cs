using System.Runtime.ExceptionServices;
using LayerStore.Drivers;
using LayerStore.Linux;

namespace LayerStore.Measurement;

/// <summary>
/// A throw-away directory in which one driver is measured, with a store in it. It goes with everything that was made; what a killed process left is told by its name and by its lock, which nobody
/// holds, and goes with the next measurement beside it.
/// </summary>
internal sealed class MeasurementPlace : IDisposable
{
    /// <summary>What such directories' names begin with.</summary>
    public const string Prefix = ".layerstore-measure-";

    private const string LockName = "lock";

    private readonly IReadOnlyList<IStorageDriverFactory> _drivers;
    private readonly FileStream _lock;
    private Store? _store;

    /// <summary>Makes it in <paramref name="parent"/>, which exists.</summary>
    public MeasurementPlace(string parent, IStorageDriverFactory driver)
    {
        _drivers = [driver];
        Path = System.IO.Path.Combine(parent, $"{Prefix}{Guid.NewGuid():N}");
        if (!DirectoryHandle.TryCreate(Path, 0x1C0))
            throw LinuxError.From(Errno.EEXIST, "create the directory", Path);
        _lock = new FileStream(System.IO.Path.Combine(Path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The image's archive.</summary>
    public string Archive => System.IO.Path.Combine(Path, "image.tar");

    private string Root => System.IO.Path.Combine(Path, "store");

    /// <summary>Makes the store.</summary>
    public Store OpenStore(DriverOptions options) => _store = Open(Root, new StoreOptions { Root = Root, Driver = _drivers[0].Name, DriverOptions = options }, _drivers);

    /// <summary>Removes what processes left that are dead; what cannot be removed stays.</summary>
    public static void RemoveAbandoned(string parent, IReadOnlyList<IStorageDriverFactory> drivers)
    {
        foreach (var path in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                if (!IsOurs(path))
                    continue;
                // Nobody else can hold a lock whose process is dead.
                using var held = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                var root = System.IO.Path.Combine(path, "store");
                using (var store = StoreRoot.HoldsStore(root) ? Open(root, new StoreOptions { Root = root, CreateIfMissing = false, Writable = true }, drivers) : null)
                    Empty(store);
                Remove(path);
            }
            catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
            {
                // Somebody measures in it now, or it is no use trying: the name says what it is.
            }
        }
    }

    /// <summary>Removes everything, mounts and devices included.</summary>
    /// <exception cref="StoreException">Something could not be removed; all the rest was.</exception>
    public void Dispose()
    {
        try
        {
            Empty(_store);
        }
        finally
        {
            _store?.Dispose();
            _lock.Dispose();
            Remove(Path);
        }
    }

    private static Store Open(string root, StoreOptions options, IReadOnlyList<IStorageDriverFactory> drivers)
    {
        Directory.CreateDirectory(root);
        return new StoreOpener(drivers, new Mounts()).Open(options);
    }

    /// <summary>Through the store, since drivers keep what no directory shows: datasets, devices.</summary>
    private static void Empty(Store? store)
    {
        if (store is null)
            return;
        ExceptionDispatchInfo? failure = null;
        foreach (var container in store.Containers.List())
            Try(() => store.Containers.Remove(container.Id, force: true));
        foreach (var image in store.Images.List())
            Try(() => store.Images.Remove(image.Id, force: true));
        Try(store.Driver.Shutdown);
        failure?.Throw();

        void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e) when (e is StoreException or IOException)
            {
                failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    private static void Remove(string path)
    {
        foreach (var mount in MountTable.Below(path))
            _ = Libc.Umount2(mount, Libc.UMOUNT_NOFOLLOW | Libc.MNT_DETACH);
        TreeRemover.Remove(path);
    }

    /// <summary>True for a directory that this user made for himself alone: in a directory for everybody, somebody else might have laid a trap.</summary>
    private static unsafe bool IsOurs(string path)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
        {
            return Libc.Statx(Libc.AT_FDCWD, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &data) == 0
                && data.IsDirectory && data.Uid == Libc.Geteuid() && (data.Mode & 0xFFF) == 0x1C0;
        }
    }
}
