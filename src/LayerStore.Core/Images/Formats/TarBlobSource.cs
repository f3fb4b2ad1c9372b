using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>The files of a tar archive, read by their position; the archive is gone through once, header by header.</summary>
internal sealed class TarBlobSource : IBlobSource
{
    // docker save links equal layers to each other; one hop is usual, a circle is an attack.
    private const int MaxLinks = 8;

    private readonly SafeFileHandle _file;
    private readonly TarIndex _index;

    private TarBlobSource(SafeFileHandle file, TarIndex index, string path)
    {
        _file = file;
        _index = index;
        Path = path;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <summary>Reads the table of contents; owns the file from then on.</summary>
    public static TarBlobSource Open(SafeFileHandle file, long length, string path, CancellationToken cancellation) =>
        new(file, TarIndex.Read(file, length, path, cancellation), path);

    /// <inheritdoc/>
    public BlobStream? TryOpen(string name)
    {
        var asked = name;
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (BlobName.Normalize(name) is not { Length: > 0 } normal || name[0] == '/')
                throw ArchiveFaults.UnsafePath(asked, "leads out of the archive");
            if (!_index.TryFind(normal, out var entry))
                return null;
            switch (entry.Kind)
            {
                case TarIndexKind.File:
                    return new BlobStream(_file, entry.Offset, entry.Length, $"{Path}: {asked}", ownsFile: false);
                case TarIndexKind.HardLink:
                    name = entry.Target;
                    break;
                case TarIndexKind.SymbolicLink:
                    name = entry.Target.StartsWith('/') ? entry.Target : normal[..(normal.LastIndexOf('/') + 1)] + entry.Target;
                    break;
                default:
                    throw ArchiveFaults.Unrecognized(Path, $"'{Printable.Escape(asked)}' in it is not a regular file");
            }
        }
        throw ArchiveFaults.UnsafePath(asked, "is a circle of links");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
