using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.ExceptionServices;
using LayerStore.Linux;

namespace LayerStore.Archives.TarSplit;

/// <summary>
/// Writes a tar-split file. Whoever adds to it only copies bytes; turning them into JSON and compressing it happens on a thread of its own, which a small layer
/// does not need: then it happens at the end.
/// </summary>
internal sealed class TarSplitWriter : IDisposable
{
    // A segment's line stays far below what a reader must hold at once; divisible by three, so that base64 needs no padding in between.
    private const int MaxSegmentBytes = 48 << 10;
    private const int ChunkBytes = 256 << 10, MaxChunks = 8;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly GZipStream _gzip;
    private readonly ArrayBufferWriter<byte> _lines = new(64 << 10);
    private readonly TarSplitEncoder _encoder;
    private BlockingCollection<(byte[] Bytes, int Length)>? _chunks;
    private Thread? _thread;
    private ExceptionDispatchInfo? _failure;
    private byte[] _chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private int _length, _segment = -1;
    private long _encoded;

    /// <summary>Begins a new file.</summary>
    /// <exception cref="StoreException">It cannot be made.</exception>
    public TarSplitWriter(string path)
    {
        _path = path;
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(error, "write", path);
        }
        _gzip = new GZipStream(_file, CompressionLevel.Fastest);
        _encoder = new TarSplitEncoder(_lines);
    }

    /// <summary>How many objects were added.</summary>
    public long Position { get; private set; }

    /// <summary>Adds bytes that stand in the archive as they are; what comes in a row becomes one object.</summary>
    public void AddSegment(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_segment >= 0 && (_length == ChunkBytes || SegmentLength == MaxSegmentBytes))
                _segment = -1;
            if (_segment < 0)
            {
                Reserve(512);
                _chunk[_length] = TarSplitEntry.Segment;
                _segment = _length;
                _length += 5;
                SegmentLength = 0;
                Position++;
            }
            var count = Math.Min(bytes.Length, Math.Min(ChunkBytes - _length, MaxSegmentBytes - SegmentLength));
            bytes[..count].CopyTo(_chunk.AsSpan(_length));
            _length += count;
            SegmentLength += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Adds an entry whose bytes are in a file; arguments as the properties of <see cref="TarSplitEntry"/>.</summary>
    public void AddFile(ReadOnlySpan<byte> name, long size, long offset, ReadOnlySpan<byte> path, ulong checksum)
    {
        _segment = -1;
        Reserve(33 + name.Length + path.Length);
        var record = _chunk.AsSpan(_length);
        record[0] = TarSplitEntry.File;
        BinaryPrimitives.WriteInt64LittleEndian(record[1..], size);
        BinaryPrimitives.WriteInt64LittleEndian(record[9..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(record[17..], checksum);
        BinaryPrimitives.WriteInt32LittleEndian(record[25..], name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[29..], path.Length);
        name.CopyTo(record[33..]);
        path.CopyTo(record[(33 + name.Length)..]);
        _length += 33 + name.Length + path.Length;
        Position++;
    }

    /// <summary>Adds an entry without content, or with one that follows as bytes.</summary>
    public void AddEmpty(ReadOnlySpan<byte> name) => AddFile(name, 0, TarSplitEntry.Whole, default, 0);

    /// <summary>Writes what is left and closes the file; durable with the next sync of its file system.</summary>
    /// <exception cref="StoreException">The disk is full or fails.</exception>
    public void Finish()
    {
        if (_thread is null)
            Guarded(() => Encode(_chunk.AsSpan(0, _length)));
        else
        {
            Hand();
            StopThread();
        }
        Guarded(_gzip.Dispose);
        _failure?.Throw();
    }

    public void Dispose()
    {
        StopThread();
        // Closing flushes what nobody wants any more where the writer is given up; a full disk has been reported by then.
        Guarded(_gzip.Dispose);
        Guarded(_file.Dispose);
        _encoder.Dispose();
        if (_chunk.Length > 0)
            ArrayPool<byte>.Shared.Return(_chunk);
        _chunk = [];
    }

    private int SegmentLength
    {
        get => BinaryPrimitives.ReadInt32LittleEndian(_chunk.AsSpan(_segment + 1));
        set => BinaryPrimitives.WriteInt32LittleEndian(_chunk.AsSpan(_segment + 1), value);
    }

    /// <summary>Makes room in the chunk; a name of any length gets a chunk of its own size.</summary>
    private void Reserve(int bytes)
    {
        if (_length + bytes <= ChunkBytes)
            return;
        if (_length > 0)
        {
            Hand();
            _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkBytes, bytes));
        }
        else if (_chunk.Length < bytes)
            _chunk = ArrayPool<byte>.Shared.Rent(bytes);
    }

    private void Hand()
    {
        if (_thread is null)
        {
            _chunks = new BlockingCollection<(byte[], int)>(MaxChunks);
            _thread = new Thread(Run) { IsBackground = true, Name = "LayerStore tar-split" };
            _thread.Start();
        }
        _chunks!.Add((_chunk, _length));
        _chunk = [];
        _length = 0;
        _failure?.Throw();
    }

    private void StopThread()
    {
        _chunks?.CompleteAdding();
        _thread?.Join();
        _chunks?.Dispose();
        _chunks = null;
    }

    private void Run()
    {
        foreach (var (bytes, length) in _chunks!.GetConsumingEnumerable())
        {
            // After a failure the rest is only taken, so that nobody waits for room.
            if (_failure is null)
                Guarded(() => Encode(bytes.AsSpan(0, length)));
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Encode(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            if (records[0] == TarSplitEntry.Segment)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(records[1..]);
                _encoder.WriteSegment(records.Slice(5, length), _encoded++);
                records = records[(5 + length)..];
            }
            else
            {
                var name = BinaryPrimitives.ReadInt32LittleEndian(records[25..]);
                var path = BinaryPrimitives.ReadInt32LittleEndian(records[29..]);
                _encoder.WriteFile(
                    records.Slice(33, name), BinaryPrimitives.ReadInt64LittleEndian(records[1..]), BinaryPrimitives.ReadInt64LittleEndian(records[9..]),
                    records.Slice(33 + name, path), BinaryPrimitives.ReadUInt64LittleEndian(records[17..]), _encoded++);
                records = records[(33 + name + path)..];
            }
            if (_lines.WrittenCount >= 32 << 10 || records.IsEmpty)
            {
                _gzip.Write(_lines.WrittenSpan);
                _lines.ResetWrittenCount();
            }
        }
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (IOException error)
        {
            _failure ??= ExceptionDispatchInfo.Capture(LinuxError.From(error, "write", _path));
        }
    }
}
