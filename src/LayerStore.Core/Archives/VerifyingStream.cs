using System.Security.Cryptography;

namespace LayerStore.Archives;

/// <summary>
/// Passes a blob's bytes on and holds them against what a manifest promised. A blob that is too long fails as soon as it is; a short or altered
/// one fails instead of ending. Whoever reads it to its end without an exception has the promised bytes.
/// </summary>
internal sealed class VerifyingStream : ReadOnlyStream
{
    private readonly Stream _inner;
    private readonly bool _leaveOpen;
    private readonly Digest? _expectedDigest;
    private readonly long? _expectedSize;
    private readonly IncrementalHash? _hash;
    private long _size;

    /// <summary>Wraps a blob.</summary>
    /// <param name="inner">The blob's bytes as they are stored.</param>
    /// <param name="expectedDigest">Its digest, null where nobody promised one: then nothing is digested.</param>
    /// <param name="expectedSize">Its size in bytes, null where nobody promised one.</param>
    /// <param name="leaveOpen">True where the caller disposes <paramref name="inner"/>.</param>
    public VerifyingStream(Stream inner, Digest? expectedDigest, long? expectedSize, bool leaveOpen = false)
    {
        _inner = inner;
        _leaveOpen = leaveOpen;
        _expectedDigest = expectedDigest;
        _expectedSize = expectedSize;
        _hash = expectedDigest is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>True once the end was reached and everything was as promised.</summary>
    public bool Verified { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="StoreException"><see cref="ErrorIds.BlobSizeMismatch"/> or <see cref="ErrorIds.BlobDigestMismatch"/>.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        var read = _inner.Read(buffer);
        _size += read;
        if (_size > _expectedSize || (read == 0 && _size < _expectedSize))
            throw SizeMismatch(read == 0);
        if (read > 0)
            _hash?.AppendData(buffer[..read]);
        else if (!Verified)
            VerifyDigest();
        return read;
    }

    /// <summary>Reads what is left, so that the whole blob is verified.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.BlobSizeMismatch"/> or <see cref="ErrorIds.BlobDigestMismatch"/>.</exception>
    public void ReadToEnd()
    {
        var buffer = new byte[64 << 10];
        while (Read(buffer) > 0)
        {
        }
    }

    private void VerifyDigest()
    {
        if (_hash is not null)
        {
            var actual = Digest.FromSha256(_hash.GetHashAndReset());
            if (actual != _expectedDigest)
            {
                throw new StoreException(
                    ErrorIds.BlobDigestMismatch, StoreErrorKind.InvalidData, _expectedDigest.ToString(),
                    $"The blob {_expectedDigest} has the digest {actual}.",
                    "Copy or download the image again: these bytes are not the ones that its manifest names.");
            }
        }
        Verified = true;
    }

    private StoreException SizeMismatch(bool ended) => new(
        ErrorIds.BlobSizeMismatch, StoreErrorKind.InvalidData, _expectedDigest?.ToString(),
        (_expectedDigest is null ? "The blob" : $"The blob {_expectedDigest}")
            + $" should have {_expectedSize} bytes and has {(ended ? "" : "at least ")}{_size}.",
        "Copy or download the image again: these bytes are not the ones that its manifest names.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
            if (!_leaveOpen)
                _inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
