using System.Net;
using LayerStore.Archives;

namespace LayerStore.Registries;

/// <summary>
/// Sends what is written to it in parts: one is filled while the one before is on its way. A part that breaks is asked after and the rest of it sent again. A blob that fits into one part goes with one request.
/// </summary>
internal sealed class BlobUpload(RegistryUploads uploads, CancellationToken cancellation) : WriteOnlyStream
{
    private const int PartBytes = 8 << 20;

    private byte[] _filling = new byte[PartBytes], _other = [];
    private int _count;
    private long _handedOver;
    private string? _location;
    private Task? _sending;
    private bool _completed;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_count == PartBytes)
                HandOver();
            var part = Math.Min(buffer.Length, PartBytes - _count);
            buffer[..part].CopyTo(_filling.AsSpan(_count));
            _count += part;
            buffer = buffer[part..];
        }
    }

    /// <summary>Sends what is left and has the registry verify the whole.</summary>
    /// <exception cref="UploadLostException">It has to be sent again.</exception>
    public void Complete(Digest digest)
    {
        if (_handedOver > 0)
        {
            HandOver();
            WaitForPart();
            uploads.Commit(_location!, digest, [], 0, cancellation);
        }
        else
        {
            _location = uploads.Begin(cancellation);
            uploads.Commit(_location, digest, _filling, _count, cancellation);
        }
        _completed = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_completed)
        {
            try
            {
                WaitForPart();
            }
#pragma warning disable CA1031 // Why it failed was thrown to whoever wrote, or he gave up for another reason.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
            if (_location is not null)
                uploads.CallOff(_location);
            _completed = true;
        }
        base.Dispose(disposing);
    }

    private void HandOver()
    {
        WaitForPart();
        var (buffer, count, position) = (_filling, _count, _handedOver);
        (_filling, _other) = (_other.Length > 0 ? _other : new byte[PartBytes], buffer);
        (_count, _handedOver) = (0, position + count);
        _sending = Task.Run(() => SendPart(buffer, count, position), CancellationToken.None);
    }

    private void WaitForPart()
    {
        var sending = _sending;
        _sending = null;
        sending?.GetAwaiter().GetResult();
    }

    private void SendPart(byte[] buffer, int count, long position)
    {
        _location ??= uploads.Begin(cancellation);
        var sent = 0;
        for (var attempt = 1; ; attempt++)
        {
            StoreException fault;
            try
            {
                using var response = uploads.SendPart(_location, buffer, sent, count - sent, position + sent, cancellation);
                if (response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Created or HttpStatusCode.NoContent)
                {
                    _location = uploads.LocationOf(response, _location);
                    return;
                }
                fault = uploads.Fault(response, $"a part of an upload to '{uploads.Name}'");
                if (response.StatusCode is HttpStatusCode.NotFound)
                    throw new UploadLostException(fault);
                if (response.StatusCode is not HttpStatusCode.RequestedRangeNotSatisfiable && !RetryDelay.IsTransient(response.StatusCode))
                    throw fault;
            }
            catch (StoreException error) when (error.ErrorId == ErrorIds.RegistryUnreachable)
            {
                fault = error;
            }
            if (attempt == uploads.Retry.MaxAttempts)
                throw fault;
            uploads.Retry.Wait(attempt, null, cancellation);
            (_location, var received) = uploads.StatusOf(_location, cancellation);
            if (received < position || received > position + count)
                throw new UploadLostException(fault);
            sent = (int)(received - position);
            if (sent == count)
                return;
        }
    }
}
