using LayerStore.Linux;

namespace LayerStore.Images.Export;

/// <summary>An export into a directory.</summary>
internal sealed class DirectoryExportTarget : IExportTarget
{
    private readonly string _path, _temporary;
    private readonly bool _replace;
    private bool _published;

    public DirectoryExportTarget(string path, bool replace)
    {
        (_path, _replace) = (path, replace);
        _temporary = NewFile.TemporaryName(path);
        if (Libc.MkdirAt(Libc.AT_FDCWD, _temporary, 0x1FF) < 0)
            throw LinuxError.Last("create the directory", _temporary);
    }

    public long Size { get; private set; }

    public void Add(string name, long length, Action<Stream> write)
    {
        var path = Path.Combine(_temporary, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        write(file);
        if (file.Position != length)
            throw new InvalidOperationException($"'{name}' has {file.Position} bytes, and {length} were announced.");
        Size += length;
    }

    public void Publish()
    {
        var old = _replace && Directory.Exists(_path) ? NewFile.TemporaryName(_path) : null;
        if (old is not null && Libc.Rename(_path, old) < 0)
            throw LinuxError.Last("replace", _path);
        // Over nothing, or over an empty directory.
        if (Libc.Rename(_temporary, _path) < 0)
        {
            var errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            if (old is not null)
                _ = Libc.Rename(old, _path);
            throw errno is Errno.EEXIST or Errno.ENOTEMPTY or Errno.ENOTDIR ? ExportErrors.Exists(_path) : LinuxError.From(errno, "create", _path);
        }
        _published = true;
        if (old is not null)
            TreeRemover.Remove(old);
    }

    public void Dispose()
    {
        if (!_published)
            TreeRemover.Remove(_temporary);
    }
}
