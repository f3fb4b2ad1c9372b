using System.Text;
using LayerStore.Archives.Tar;
using LayerStore.Linux;

namespace LayerStore.Images.Export;

/// <summary>An export into one tar file.</summary>
internal sealed class TarExportTarget : IExportTarget
{
    private readonly string _path;
    private readonly bool _replace;
    private readonly NewFile _file;
    private readonly TarWriter _tar;
    private readonly HashSet<string> _directories = [];

    public TarExportTarget(string path, bool replace)
    {
        (_path, _replace) = (path, replace);
        _file = NewFile.Create(path, mode: 0x1B6);
        _tar = new TarWriter(_file.Stream);
    }

    public long Size => _file.Stream.Position;

    public void Add(string name, long length, Action<Stream> write)
    {
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            if (_directories.Add(name[..slash]))
                _tar.WriteHeader(new TarFields { Name = Encoding.ASCII.GetBytes(name[..(slash + 1)]), Type = '5', Mode = 0x1ED });
        }
        _tar.WriteHeader(new TarFields { Name = Encoding.ASCII.GetBytes(name), Mode = 0x1A4, Size = length });
        var start = Size;
        write(_file.Stream);
        if (Size - start != length)
            throw new InvalidOperationException($"'{name}' has {Size - start} bytes, and its header says {length}.");
    }

    public void Publish()
    {
        _tar.Finish();
        if (!_file.Publish(_replace))
            throw ExportErrors.Exists(_path);
    }

    public void Dispose() => _file.Dispose();
}
