using System.Runtime.InteropServices;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Archives.TarSplit;

/// <summary>Makes a layer's archive again from its tar-split and its files, byte for byte, and notices every file that is not what it was.</summary>
/// <param name="tarSplit">The tar-split file.</param>
/// <param name="contents">The layer's files.</param>
/// <param name="layer">The layer's name, for messages.</param>
internal sealed class TarSplitAssembler(string tarSplit, LayerContents contents, string layer)
{
    /// <summary>Writes the archive.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerFileChanged"/> with the file; <see cref="ErrorIds.StoreDamaged"/>; the disk fails.</exception>
    /// <exception cref="FileNotFoundException">The layer has no tar-split.</exception>
    public void WriteTo(ArchiveSink sink, CancellationToken cancellation)
    {
        using var reader = new TarSplitReader(tarSplit);
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = reader.Entry;
            if (entry.Type == TarSplitEntry.Segment)
                sink.Write(entry.Payload.Span);
            else if (entry.Size > 0)
                WriteFile(entry, sink, cancellation);
        }
    }

    private void WriteFile(TarSplitEntry entry, ArchiveSink sink, CancellationToken cancellation)
    {
        var path = entry.FilePath;
        using var file = contents.TryOpen(path) ?? throw Changed(path, "is missing");
        var crc = new Crc64();
        var offset = Math.Max(0, entry.Offset);
        for (var left = entry.Size; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            // Read to where the bytes are going: they are touched once for the checksum and once for the digest.
            var room = sink.Room();
            var read = Read(file, room[..(int)Math.Min(room.Length, left)], offset, path);
            if (read == 0)
                throw Changed(path, $"is {left} bytes shorter than it was");
            crc.Append(room[..read]);
            sink.Advance(read);
            offset += read;
            left -= read;
        }
        Span<byte> more = stackalloc byte[1];
        if (entry.Offset == TarSplitEntry.Whole && Read(file, more, offset, path) > 0)
            throw Changed(path, "is longer than it was");
        if (crc.Value != entry.Checksum)
            throw Changed(path, "has another content");
    }

    private int Read(SafeFileHandle file, Span<byte> buffer, long offset, byte[] path)
    {
        var read = FileContents.TryReadAt(file.Descriptor(), buffer, offset);
        if (read >= 0)
            return read;
        throw Marshal.GetLastPInvokeError() is Errno.EISDIR or Errno.ESPIPE
            ? Changed(path, "is no file any more")
            : LinuxError.Last("read", $"{layer}: {Printable.Escape(path)}");
    }

    private StoreException Changed(byte[] path, string how) => new(
        ErrorIds.LayerFileChanged, StoreErrorKind.StoreDamaged, Printable.Escape(path),
        $"The file '{Printable.Escape(path)}' of the layer {layer} {how}: somebody changed it inside the store.",
        "Remove what uses the layer and import the image again; nobody may write into a store's directory.");
}
