using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Archives.TarSplit;

/// <summary>The files of a layer by their paths. No symbolic link is followed; the directory of the last file stays open for the next.</summary>
internal sealed class LayerContents(SafeFileHandle root) : IDisposable
{
    private byte[] _path = [];
    private SafeFileHandle? _directory;

    /// <summary>Opens a regular file; null where there is none at that path.</summary>
    /// <exception cref="StoreException">It may not be read.</exception>
    public SafeFileHandle? TryOpen(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        var directory = slash < 0 ? root : Enter(path[..slash]);
        return directory is null ? null : new TreeDirectory(directory).TryOpenFile(path[(slash + 1)..]);
    }

    public void Dispose() => _directory?.Dispose();

    private SafeFileHandle? Enter(ReadOnlySpan<byte> path)
    {
        if (_directory is not null && path.SequenceEqual(_path))
            return _directory;
        _directory?.Dispose();
        var place = new TreeDirectory(root);
        _path = path.ToArray();
        for (var rest = path; !rest.IsEmpty;)
        {
            var slash = rest.IndexOf((byte)'/');
            place = place.Child(slash < 0 ? rest : rest[..slash]);
            rest = slash < 0 ? [] : rest[(slash + 1)..];
        }
        return _directory = place.TryOpen();
    }
}
