using System.Runtime.InteropServices;

namespace LayerStore.Archives.Tar;

/// <summary>
/// One 512-byte header, its fields where POSIX.1-1988 (ustar), GNU tar and star put them. A view: it owns nothing and decodes on demand.
/// </summary>
/// <param name="block">The 512 bytes.</param>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    /// <summary>Every header and every piece of content is padded to this many bytes.</summary>
    public const int BlockBytes = 512;

    private readonly ReadOnlySpan<byte> _block = block[..BlockBytes];

    public ReadOnlySpan<byte> Name => Text(0, 100);
    public ReadOnlySpan<byte> Mode => _block.Slice(100, 8);
    public ReadOnlySpan<byte> Uid => _block.Slice(108, 8);
    public ReadOnlySpan<byte> Gid => _block.Slice(116, 8);
    public ReadOnlySpan<byte> Size => _block.Slice(124, 12);
    public ReadOnlySpan<byte> ModificationTime => _block.Slice(136, 12);
    public byte TypeFlag => _block[156];
    public ReadOnlySpan<byte> LinkName => Text(157, 100);
    public ReadOnlySpan<byte> DeviceMajor => _block.Slice(329, 8);
    public ReadOnlySpan<byte> DeviceMinor => _block.Slice(337, 8);

    /// <summary>POSIX's <c>ustar</c> with NUL, which has a name prefix; GNU's <c>ustar</c> with two spaces uses that room otherwise.</summary>
    public bool IsPosix => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    /// <summary>GNU tar's own format before PAX.</summary>
    public bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    /// <summary>Neither: Seventh Edition tar, where a slash at the end says directory.</summary>
    public bool IsSeventhEdition => !IsPosix && !IsGnu;

    /// <summary>What goes before <see cref="Name"/>, with a slash between; star keeps times in its last 24 bytes.</summary>
    public ReadOnlySpan<byte> Prefix => !IsPosix ? [] : Text(345, _block.Slice(508, 4).SequenceEqual("tar\0"u8) ? 131 : 155);

    // GNU's old sparse format, type S: four segments here, more in the blocks that follow.
    public ReadOnlySpan<byte> SparseSegments => _block.Slice(386, 4 * 24);
    public bool SparseIsExtended => _block[482] != 0;
    public ReadOnlySpan<byte> SparseRealSize => _block.Slice(483, 12);

    /// <summary>True where every byte is zero: half of the mark at an archive's end.</summary>
    public bool IsZero => _block.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Compares the sum of all bytes with the header's own, which counts its own field as spaces.</summary>
    public bool ChecksumIsValid()
    {
        if (!TarNumber.TryParseField(_block.Slice(148, 8), out var expected))
            return false;
        // Two sums of bytes in each 64-bit word, in 16-bit lanes: 64 words of at most 2 × 255 cannot overflow one.
        ulong lanes = 0;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(_block))
            lanes += (word & 0x00ff_00ff_00ff_00ff) + ((word >> 8) & 0x00ff_00ff_00ff_00ff);
        var sum = (long)((lanes & 0xffff) + ((lanes >> 16) & 0xffff) + ((lanes >> 32) & 0xffff) + (lanes >> 48));
        var negatives = 0;
        foreach (var octet in _block.Slice(148, 8))
        {
            sum += ' ' - octet;
            negatives -= octet >= 0x80 ? 1 : 0;
        }
        if (sum == expected)
            return true;
        // Some old tars summed signed bytes.
        foreach (var octet in _block)
            negatives += octet >= 0x80 ? 1 : 0;
        return sum - 256L * negatives == expected;
    }

    private ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
