using LayerStore.Archives;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LayerStore.Tests.Archives;

public sealed class ZstdFrameTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(27)]
    public void A_stream_s_window_is_what_it_was_compressed_with(int log)
    {
        using var compressed = new MemoryStream();
        using (var zstd = new CompressionStream(compressed, leaveOpen: true))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, log);
            zstd.Write(new byte[1 << 20]);
        }
        Assert.Equal(1L << log, ZstdFrame.WindowBytes(compressed.ToArray().AsSpan(0, ZstdFrame.MaxHeaderBytes)));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(300)]
    [InlineData(100_000)]
    [InlineData(10_000_000)]
    public void A_single_segment_s_window_is_its_content(int length)
    {
        // By length known beforehand, with a window that holds it all.
        using var compressor = new Compressor();
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, 27);
        var window = ZstdFrame.WindowBytes(compressor.Wrap(new byte[length]));
        Assert.InRange(window, length, length + (length / 8));
    }

    [Fact]
    public void What_is_no_frame_or_no_whole_header_has_no_window()
    {
        Assert.Equal(0, ZstdFrame.WindowBytes([]));
        Assert.Equal(0, ZstdFrame.WindowBytes([0x1f, 0x8b, 8, 0, 0, 0, 0]));
        Assert.Equal(0, ZstdFrame.WindowBytes([0x28, 0xb5, 0x2f, 0xfd, 0xe3, 0]));
        for (var length = 0; length < ZstdFrame.MaxHeaderBytes; length++)
            ZstdFrame.WindowBytes([0x28, 0xb5, 0x2f, 0xfd, .. Enumerable.Repeat((byte)0xff, length)]);
    }
}
