using LayerStore.Linux;

namespace LayerStore.Archives.TarSplit;

/// <summary>
/// Contents of files that a layer's archive replaces with later entries of its own, or that joining it with its parents moves or replaces: on disk only the last one
/// stands, an exact export needs all. They are kept in a temporary file until the tar-split takes them in. An ordinary layer has none.
/// </summary>
internal sealed class DisplacedContents(string path, ExtractionLimits limits, Func<long> now) : IDisposable
{
    // What an event costs beyond its path.
    private const int Overhead = 96;

    private readonly List<DisplacedEvent> _events = [];
    private FileStream? _file;
    private long _remembered, _later;

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<DisplacedEvent> Events => _events;

    /// <summary>The archive was read to its end: what happens from now on happens to every entry of it.</summary>
    public void EndArchive() => _later = now();

    /// <summary>Keeps what a name stands for before it is removed: a file's content, or those of all files below a directory.</summary>
    /// <param name="directory">The directory of the layer that has it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="at">The directory's path in the layer, without symbolic links.</param>
    public void Keep(TreeDirectory directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> at)
    {
        if (!directory.TryStat(name, out var data))
            return;
        if (data.IsRegular && data.Size > 0)
            KeepFile(directory, name, FileName.Join(at, name));
        if (!data.IsDirectory)
            return;
        var pending = new Stack<(TreeDirectory Directory, byte[] Path)>();
        pending.Push((directory.Child(name), FileName.Join(at, name)));
        while (pending.TryPop(out var next))
        {
            using var handle = next.Directory.Open();
            using var reader = new DirectoryReader(handle.Descriptor());
            while (reader.Next())
            {
                if (!next.Directory.TryStat(reader.Name, out var child))
                    continue;
                if (child.IsDirectory)
                    pending.Push((next.Directory.Child(reader.Name), FileName.Join(next.Path, reader.Name)));
                else if (child.IsRegular && child.Size > 0)
                    KeepFile(next.Directory, reader.Name, FileName.Join(next.Path, reader.Name));
            }
        }
    }

    /// <summary>Everything in one directory went to another one.</summary>
    public void Moved(byte[] from, byte[] to) => Add(new DisplacedEvent(Time(), from, to, 0, 0));

    /// <summary>The kept bytes of an event.</summary>
    public void CopyTo(DisplacedEvent kept, long offset, Span<byte> destination)
    {
        try
        {
            for (var position = kept.Start + offset; !destination.IsEmpty;)
            {
                var read = RandomAccess.Read(_file!.SafeFileHandle, destination, position);
                if (read == 0)
                    throw new EndOfStreamException("it is shorter than it was");
                destination = destination[read..];
                position += read;
            }
        }
        catch (IOException error)
        {
            throw LinuxError.From(error, "write", path);
        }
    }

    public void Dispose() => _file?.Dispose();

    private void KeepFile(TreeDirectory directory, ReadOnlySpan<byte> name, byte[] at)
    {
        try
        {
            _file ??= new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            using var source = directory.TryOpenFile(name) ?? throw LinuxError.From(Errno.ENOENT, "open", Printable.Escape(at));
            var start = _file.Position;
            using (var content = new FileStream(source, FileAccess.Read, bufferSize: 0))
                content.CopyTo(_file, 1 << 20);
            _file.Flush();
            Add(new DisplacedEvent(Time(), at, null, start, _file.Position - start));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(error, "write", path);
        }
    }

    // While the archive is read: after all objects that are written so far. Afterwards each event has a time of its own.
    private long Time() => _later == 0 ? now() : ++_later;

    private void Add(DisplacedEvent what)
    {
        _remembered += what.Path.Length + Overhead;
        if (_remembered > limits.MaxRememberedBytes)
            throw Tar.ArchiveErrors.LimitExceeded(
                Printable.Escape(what.Path), "replaces so many of the layer's own files that their names do not fit", nameof(limits.MaxRememberedBytes), limits.MaxRememberedBytes);
        _events.Add(what);
    }
}

/// <summary>One file that was replaced, or one directory whose entries moved.</summary>
/// <param name="Time">Objects of the tar-split with a smaller position are older.</param>
/// <param name="Path">The file or directory, relative to the layer's root.</param>
/// <param name="MovedTo">The directory's new place; null for a file.</param>
/// <param name="Start">Where the file's bytes are kept.</param>
/// <param name="Length">How many.</param>
internal sealed record DisplacedEvent(long Time, byte[] Path, byte[]? MovedTo, long Start, long Length);
