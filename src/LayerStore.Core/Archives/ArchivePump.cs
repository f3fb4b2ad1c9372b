using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using LayerStore.Archives.Tar;

namespace LayerStore.Archives;

/// <summary>
/// Reads, decompresses and digests an archive on a thread of its own, ahead of whoever takes the bytes, so that both cores work. The bytes wait in
/// a ring of pooled buffers, each filled to its end before it is handed over: a tar block never lies across two of them.
/// </summary>
internal sealed class ArchivePump : IDisposable
{
    public const int BufferBytes = 1 << 20;
    private const int BufferCount = 8;
    private const int SharePollMilliseconds = 20;

    private readonly Stream _source;
    private readonly ExtractionLimits _limits;
    private readonly ReadAhead? _ahead;
    private readonly Action<long>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private readonly object _gate = new();
    private readonly Queue<(byte[] Bytes, int Length)> _filled = new();
    private readonly Thread _thread;
    private readonly Stack<byte[]> _free = new();
    private int _allocated;
    private bool _begun, _stopped, _ended;
    private ExceptionDispatchInfo? _failure;
    private byte[]? _current;
    private int _position, _length;

    /// <summary>Starts to read.</summary>
    /// <param name="source">The archive, compressed or not. Read to its end, not disposed.</param>
    /// <param name="limits">For the archive's whole length and its compression ratio.</param>
    /// <param name="progress">Called on the reading thread with the bytes of <paramref name="source"/> that were read so far.</param>
    /// <param name="cancellation">Stops within one buffer.</param>
    /// <param name="ahead">Memory for more than the ring, until the first byte is taken; null for none.</param>
    public ArchivePump(Stream source, ExtractionLimits limits, Action<long>? progress, CancellationToken cancellation, ReadAhead? ahead = null)
    {
        _source = source;
        _limits = limits;
        _ahead = ahead;
        _progress = progress;
        _cancellation = cancellation;
        _thread = new Thread(Run) { IsBackground = true, Name = "LayerStore archive reader" };
        _thread.Start();
        _registration = cancellation.UnsafeRegister(static pump => ((ArchivePump)pump!).Wake(), this);
    }

    /// <summary>Bytes that were taken so far: the position in the uncompressed archive.</summary>
    public long Position { get; private set; }

    /// <summary>How the archive is compressed; valid once a byte, or the end, was seen.</summary>
    public CompressionKind Compression { get; private set; }

    /// <summary>Bytes of the uncompressed archive; valid at its end.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>SHA-256 of the uncompressed archive; valid at its end.</summary>
    public Digest Digest { get; private set; }

    /// <summary>What is here, at most <paramref name="wanted"/> bytes, waiting where nothing is. Empty at the end only. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Peek(int wanted)
    {
        if (_position == _length && !MoveNext())
            return [];
        return _current.AsSpan(_position, Math.Min(wanted, _length - _position));
    }

    /// <summary>Takes bytes that <see cref="Peek"/> showed.</summary>
    public void Advance(int count)
    {
        _position += count;
        Position += count;
    }

    /// <summary>Stops reading and waits until the source is no longer touched.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        _registration.Dispose();
        _thread.Join();
        if (_current is not null)
            _free.Push(_current);
        _current = null;
        while (_filled.TryDequeue(out var buffer))
            _free.Push(buffer.Bytes);
        ReturnFree(leave: 0);
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private bool MoveNext()
    {
        lock (_gate)
        {
            _begun = true;
            if (_current is not null)
            {
                // Not to the shared pool yet: the reading thread may still be digesting it.
                _free.Push(_current);
                _current = null;
                _position = _length = 0;
                if (_ended)
                    ReturnFree(leave: 0);
                Monitor.PulseAll(_gate);
            }
            while (_filled.Count == 0 && !_ended)
            {
                _cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
            _cancellation.ThrowIfCancellationRequested();
            if (_filled.TryDequeue(out var next))
            {
                (_current, _length) = next;
                return true;
            }
        }
        _failure?.Throw();
        return false;
    }

    private void Run()
    {
        try
        {
            ReadAll();
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown again on the thread that takes the bytes.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(error is IOException ? Unreadable(error) : error);
        }
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private static StoreException Unreadable(Exception error) => new(
        ErrorIds.InputOutputError, StoreErrorKind.InputOutput, null, $"The archive could not be read: {error.Message}",
        "Look at the disk or the network that the archive is on, and run the command again.", error);

    private void ReadAll()
    {
        using var counted = new CountingStream(_source, _progress);
        using var archive = Decompression.Open(counted, out var compression);
        Compression = compression;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        while (TakeFree() is { } buffer)
        {
            var length = Fill(archive, buffer);
            total += length;
            lock (_gate)
            {
                _filled.Enqueue((buffer, length));
                Monitor.PulseAll(_gate);
            }
            ThrowIfTooLarge(total, counted.Count);
            // Both sides read the buffer now; only this thread takes free ones to write into, and not before it is done here.
            hash.AppendData(buffer, 0, length);
            if (length < BufferBytes)
                break;
        }
        TotalBytes = total;
        Digest = Digest.FromSha256(hash.GetHashAndReset());
        counted.ReportEnd();
    }

    private void ThrowIfTooLarge(long total, long compressed)
    {
        if (total > _limits.MaxLayerBytes)
            throw ArchiveErrors.LimitExceeded(null, "has more uncompressed bytes than allowed", nameof(_limits.MaxLayerBytes), _limits.MaxLayerBytes);
        if (total > _limits.RatioFreeBytes && total / Math.Max(1, compressed) > _limits.MaxCompressionRatio)
            throw ArchiveErrors.LimitExceeded(
                null, $"unpacks {compressed} bytes to more than {total}", nameof(_limits.MaxCompressionRatio), _limits.MaxCompressionRatio);
    }

    /// <summary>A buffer to fill, or null where nobody wants more.</summary>
    private byte[]? TakeFree()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_stopped || _cancellation.IsCancellationRequested)
                    return null;
                // This thread digests none of them now.
                ReturnFree(leave: BufferCount);
                if (_free.TryPop(out var free))
                    return free;
                if (_allocated < BufferCount || (!_begun && _ahead?.TryTake() == true))
                {
                    _allocated++;
                    return ArrayPool<byte>.Shared.Rent(BufferBytes);
                }
                // Nobody says when another archive gives some of the shared memory back.
                Monitor.Wait(_gate, _ahead is null || _begun ? Timeout.Infinite : SharePollMilliseconds);
            }
        }
    }

    /// <summary>Gives the buffers that are free back to everybody, as long as there are more than so many in all.</summary>
    private void ReturnFree(int leave)
    {
        while (_allocated > leave && _free.TryPop(out var free))
        {
            ArrayPool<byte>.Shared.Return(free);
            if (_allocated-- > BufferCount)
                _ahead!.Return();
        }
    }

    private int Fill(Stream archive, byte[] buffer)
    {
        var length = 0;
        while (length < BufferBytes && !_stopped && !_cancellation.IsCancellationRequested)
        {
            var read = archive.Read(buffer, length, BufferBytes - length);
            if (read == 0)
                break;
            length += read;
        }
        return length;
    }
}
