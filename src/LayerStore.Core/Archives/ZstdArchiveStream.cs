using LayerStore.Archives.Tar;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LayerStore.Archives;

/// <summary>
/// Decompresses zstd (RFC 8878), any number of frames in a row, skippable ones included. A frame that wants a window larger than 128 MiB is refused, as the zstd tool refuses it.
/// </summary>
internal sealed class ZstdArchiveStream : ReadOnlyStream
{
    private const int MaxWindowLog = 27;

    private readonly DecompressionStream _zstd;

    public ZstdArchiveStream(Stream source)
    {
        _zstd = new DecompressionStream(source, bufferSize: 128 << 10, checkEndOfStream: true, leaveOpen: true);
        _zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _zstd.Read(buffer);
        }
        catch (EndOfStreamException)
        {
            throw ArchiveErrors.Truncated("its zstd data stops in the middle");
        }
        catch (ZstdException error) when (error.Code == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge)
        {
            throw new StoreException(
                ErrorIds.ArchiveLimitExceeded, StoreErrorKind.Security, null, "The archive's zstd data wants a window of more than 128 MiB.",
                "Compress it again without --long or --ultra.", error);
        }
        catch (ZstdException error)
        {
            throw ArchiveErrors.Corrupt($"its zstd data cannot be decompressed ({error.Message})", error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _zstd.Dispose();
        base.Dispose(disposing);
    }
}
