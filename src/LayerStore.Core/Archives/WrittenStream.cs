using System.Buffers;
using System.Collections.Concurrent;

namespace LayerStore.Archives;

/// <summary>What somebody writes, to be read: written by a thread of its own, a few buffers ahead of whoever reads. Its failure is the reader's at the end.</summary>
internal sealed class WrittenStream : ReadOnlyStream
{
    private const int BufferBytes = 1 << 18;
    private const int BuffersAhead = 4;

    private readonly BlockingCollection<(byte[]? Bytes, int Length)> _filled = new(BuffersAhead);
    private readonly CancellationTokenSource _stop;
    private readonly Task _writer;
    private (byte[]? Bytes, int Length) _current;
    private int _position;
    private bool _disposed;

    /// <summary>Begins to write.</summary>
    /// <param name="write">Writes all of it; is to stop when the token says so.</param>
    /// <param name="cancellation">Stops both sides.</param>
    public WrittenStream(Action<Stream, CancellationToken> write, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _writer = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    using var writing = new Writing(this);
                    write(writing, _stop.Token);
                    writing.Hand();
                }
                finally
                {
                    _filled.CompleteAdding();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_position == _current.Length)
        {
            Return();
            if (!_filled.TryTake(out _current, Timeout.Infinite, _stop.Token))
            {
                _writer.GetAwaiter().GetResult();
                return 0;
            }
        }
        var count = Math.Min(buffer.Length, _current.Length - _position);
        _current.Bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <summary>Stops the writer and waits until it touches nothing any more.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _stop.Cancel();
            ((IAsyncResult)_writer).AsyncWaitHandle.WaitOne();
            // Whoever read to the end has seen it; nobody else wants it.
            _ = _writer.Exception;
            Return();
            while (_filled.TryTake(out _current))
                Return();
            _filled.Dispose();
            _stop.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Return()
    {
        if (_current.Bytes is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
        (_current, _position) = (default, 0);
    }

    /// <summary>The writer's side.</summary>
    private sealed class Writing(WrittenStream reader) : WriteOnlyStream
    {
        private byte[] _bytes = [];
        private int _length;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (buffer.Length > 0)
            {
                if (_bytes.Length == 0)
                    _bytes = ArrayPool<byte>.Shared.Rent(BufferBytes);
                var count = Math.Min(buffer.Length, _bytes.Length - _length);
                buffer[..count].CopyTo(_bytes.AsSpan(_length));
                _length += count;
                buffer = buffer[count..];
                if (_length == _bytes.Length)
                    Hand();
            }
        }

        /// <summary>Hands over what is there, waiting for a place.</summary>
        public void Hand()
        {
            if (_length > 0)
                reader._filled.Add((_bytes, _length), reader._stop.Token);
            (_bytes, _length) = ([], 0);
        }
    }
}
