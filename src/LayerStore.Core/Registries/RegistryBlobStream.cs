using System.Net;
using LayerStore.Archives;
using LayerStore.Images.Formats;

namespace LayerStore.Registries;

/// <summary>
/// A blob as it comes from a registry. Where the connection breaks or stalls, it goes on at the same byte on another one; where a mirror has it not or gives up, at the next place. Its content is verified by whoever reads it; that it is longer or shorter than it
/// should be is said as soon as the registry says so.
/// </summary>
internal sealed class RegistryBlobStream : ReadOnlyStream
{
    private const int BufferBytes = 256 << 10;

    // So much has to come before a connection counts as one that worked: a registry that gives a byte at a time must not hold us for ever.
    private const long ProgressBytes = 1 << 20;

    private readonly RegistryPlaces _places;
    private readonly Digest _digest;
    private readonly long _size;
    private readonly CancellationToken _cancellation;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private CancellationTokenSource? _idle;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private int _start, _end, _failures, _place;
    private long _received, _lastFailure;

    /// <summary>Asks for the blob; it exists when this returns.</summary>
    public RegistryBlobStream(RegistryPlaces places, Digest digest, long size, CancellationToken cancellation)
    {
        (_places, _digest, _size, _cancellation) = (places, digest, size, cancellation);
        OpenSomewhere();
    }

    private RegistryRepository Repository => _places[_place];

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !Fill())
            return 0;
        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Abandon();
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        while (true)
        {
            try
            {
                if (_body is null)
                    OpenSomewhere();
                _start = 0;
                _end = ReadSome(_buffer);
                _received += _end;
                if (_end > 0 || _received >= _size)
                    return _end > 0;
                throw new IOException("the connection ended early");
            }
            catch (Exception error) when (error is IOException or HttpRequestException or TimeoutException)
            {
                Abandon();
                if (_received - _lastFailure >= ProgressBytes)
                    _failures = 0;
                _lastFailure = _received;
                if (++_failures >= Repository.Connection.Retry.MaxAttempts)
                {
                    if (!GoOn())
                        throw Repository.Connection.FaultOf(error);
                    continue;
                }
                Repository.Connection.Retry.Wait(_failures, null, _cancellation);
            }
        }
    }

    private int ReadSome(byte[] buffer)
    {
        _idle!.CancelAfter(Repository.Connection.IdleTimeout);
        try
        {
            var read = _body!.ReadAsync(buffer, _idle.Token);
            return read.IsCompletedSuccessfully ? read.Result : read.AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("it sent nothing for too long");
        }
        finally
        {
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Opens it where it can be had.</summary>
    private void OpenSomewhere()
    {
        while (true)
        {
            try
            {
                Open();
                return;
            }
            catch (StoreException error) when ((RegistryPlaces.CannotServe(error) || error.ErrorId is ErrorIds.RegistryProtocolError or ErrorIds.BlobSizeMismatch) && GoOn())
            {
                // The next place; what is wrong with the last one is said.
            }
        }
    }

    /// <summary>Turns to the next place; false where there is none.</summary>
    private bool GoOn()
    {
        if (_place + 1 == _places.Count)
            return false;
        _place++;
        _failures = 0;
        return true;
    }

    private void Open()
    {
        var response = Repository.RequestBlob(_digest, _received, _cancellation);
        try
        {
            Check(response);
            _idle = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
            _body = response.Content.ReadAsStream(_cancellation);
            _response = response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
        // A registry that cannot give a part gives the whole: what is here already is passed over.
        if (_received > 0 && response.StatusCode == HttpStatusCode.OK)
            Skip(_received);
    }

    private void Skip(long bytes)
    {
        var buffer = new byte[BufferBytes];
        while (bytes > 0)
        {
            var read = ReadSome(bytes < buffer.Length ? new byte[bytes] : buffer);
            if (read == 0)
                throw new IOException("the connection ended early");
            bytes -= read;
        }
    }

    private void Check(HttpResponseMessage response)
    {
        long? total;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                total = response.Content.Headers.ContentLength;
                break;
            case HttpStatusCode.PartialContent when _received > 0:
                var range = response.Content.Headers.ContentRange;
                if (range?.From != _received)
                    throw RegistryFaults.Protocol(Repository.Connection.Host.Domain, $"it was asked for the bytes from {_received} on and gives others ({range})");
                total = range.Length;
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                throw ArchiveFaults.SizeMismatch(_digest.ToString(), _size, response.Content.Headers.ContentRange?.Length ?? _received);
            default:
                throw Repository.BlobFault(response, _digest);
        }
        if (total is { } length && length != _size)
            throw ArchiveFaults.SizeMismatch(_digest.ToString(), _size, length);
    }

    private void Abandon()
    {
        _response?.Dispose();
        _idle?.Dispose();
        (_response, _body, _idle) = (null, null, null);
    }
}
