using System.Security.Cryptography;

namespace LayerStore.Archives;

/// <summary>Passes on what is written, digests and counts it. Does not dispose what it writes to.</summary>
/// <param name="destination">Where the bytes go.</param>
/// <param name="progress">Told the count after each write; null where nobody looks.</param>
/// <param name="digests">False to count only.</param>
internal sealed class DigestingStream(Stream destination, Action<long>? progress = null, bool digests = true) : WriteOnlyStream
{
    private readonly IncrementalHash? _hash = digests ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    /// <summary>SHA-256 of all bytes; nothing may be written afterwards.</summary>
    public Digest Finish() => Digest.FromSha256(_hash!.GetHashAndReset());

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash?.AppendData(buffer);
        destination.Write(buffer);
        Count += buffer.Length;
        progress?.Invoke(Count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash?.Dispose();
        base.Dispose(disposing);
    }
}
