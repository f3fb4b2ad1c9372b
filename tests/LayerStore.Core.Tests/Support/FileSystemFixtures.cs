namespace LayerStore.Tests.Support;

/// <summary>A file system that the tests of a class share, and what a driver needs besides; made when it is first used.</summary>
public abstract class FileSystemFixture(FileSystemKind kind, bool projectQuota = false) : IDisposable
{
    private readonly Lazy<LoopFileSystem> _fileSystem = new(() => new LoopFileSystem(kind, projectQuota));

    public virtual string Path => _fileSystem.Value.Path;

    public FileSystemKind Kind => kind;

    /// <summary>The options that a test's driver is opened with; asked for once a test, which may so get things of its own.</summary>
    public virtual DriverOptions NewOptions() => [];

    /// <summary>The options of a second driver that is open at the same time.</summary>
    public virtual DriverOptions NewOtherOptions() => NewOptions();

    /// <summary>Removes what a test's driver has outside of its directory: datasets, devices. The directory is gone by then, and nothing is mounted.</summary>
    /// <param name="home">The driver's directory.</param>
    public virtual void Clean(string home)
    {
    }

    /// <summary>Gives what asserts, at the end of a test, that the pool which the driver works on has come to hold what the store has records of, and nothing else.</summary>
    internal virtual Action<Store> WatchPool() => _ => { };

    public virtual void Dispose()
    {
        if (_fileSystem.IsValueCreated)
            _fileSystem.Value.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class Ext4Fixture() : FileSystemFixture(FileSystemKind.Ext4);

public sealed class XfsFixture() : FileSystemFixture(FileSystemKind.Xfs);

public sealed class Ext4QuotaFixture() : FileSystemFixture(FileSystemKind.Ext4, projectQuota: true);

public sealed class XfsQuotaFixture() : FileSystemFixture(FileSystemKind.Xfs, projectQuota: true);

public sealed class BtrfsFixture() : FileSystemFixture(FileSystemKind.Btrfs);

public sealed class BtrfsQuotaFixture() : FileSystemFixture(FileSystemKind.BtrfsWithQuota);

public sealed class TmpfsFixture() : FileSystemFixture(FileSystemKind.Tmpfs);
