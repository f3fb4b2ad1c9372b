namespace LayerStore.Tests.Support;

/// <summary>A file system that the tests of a class share; made when it is first used.</summary>
public abstract class FileSystemFixture(FileSystemKind kind) : IDisposable
{
    private readonly Lazy<LoopFileSystem> _fileSystem = new(() => new LoopFileSystem(kind));

    public string Path => _fileSystem.Value.Path;

    public FileSystemKind Kind => kind;

    public void Dispose()
    {
        if (_fileSystem.IsValueCreated)
            _fileSystem.Value.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class Ext4Fixture() : FileSystemFixture(FileSystemKind.Ext4);

public sealed class XfsFixture() : FileSystemFixture(FileSystemKind.Xfs);

public sealed class BtrfsFixture() : FileSystemFixture(FileSystemKind.Btrfs);

public sealed class TmpfsFixture() : FileSystemFixture(FileSystemKind.Tmpfs);
