using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace LayerStore.Archives;

/// <summary>
/// The other way round than <see cref="ArchivePump"/>: digests an archive and writes it on a thread of its own, behind whoever makes the bytes. A small archive needs
/// no thread.
/// </summary>
internal sealed class ArchiveSink : IDisposable
{
    private const int BufferBytes = 1 << 20, BufferCount = 4;

    private readonly Stream _destination;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly BlockingCollection<(byte[] Bytes, int Length)> _filled = new(BufferCount);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _length;
    private Thread? _thread;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Writes to <paramref name="destination"/>, which stays the caller's.</summary>
    public ArchiveSink(Stream destination) => _destination = destination;

    /// <summary>Bytes that were given so far.</summary>
    public long Count { get; private set; }

    /// <summary>Where the next bytes can be put; never empty. Valid until the next call.</summary>
    public Span<byte> Room()
    {
        if (_length == BufferBytes)
            Hand();
        return _buffer.AsSpan(_length, BufferBytes - _length);
    }

    /// <summary>Takes bytes that were put into <see cref="Room"/>.</summary>
    public void Advance(int count)
    {
        _length += count;
        Count += count;
    }

    /// <summary>Takes bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = Room();
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Waits until everything is written; gives SHA-256 of it.</summary>
    public Digest Finish()
    {
        if (_thread is null)
            Take(_buffer, _length);
        else
        {
            Hand();
            StopThread();
        }
        _failure?.Throw();
        return Digest.FromSha256(_hash.GetHashAndReset());
    }

    /// <summary>Stops writing; the destination is no longer touched.</summary>
    public void Dispose()
    {
        StopThread();
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _filled.Dispose();
        _hash.Dispose();
    }

    private void Hand()
    {
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "LayerStore archive writer" };
            _thread.Start();
        }
        _filled.Add((_buffer, _length));
        _buffer = [];
        _length = 0;
        _failure?.Throw();
        _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    }

    private void StopThread()
    {
        if (!_filled.IsAddingCompleted)
            _filled.CompleteAdding();
        _thread?.Join();
    }

    private void Run()
    {
        foreach (var (bytes, length) in _filled.GetConsumingEnumerable())
        {
            // After a failure the rest is only taken, so that nobody waits for room.
            if (_failure is null)
                Take(bytes, length);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Take(byte[] bytes, int length)
    {
        try
        {
            _hash.AppendData(bytes, 0, length);
            _destination.Write(bytes, 0, length);
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown again on the thread that makes the bytes.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }
    }
}
