using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LayerStore.Archives.TarSplit;

/// <summary>
/// CRC-64 of ISO 3309 (x^64 + x^4 + x^3 + x + 1, reflected, all bits inverted before and after), the checksum that tar-split keeps of each file.
/// <c>System.IO.Hashing</c> has the one of ECMA-182 only.
/// </summary>
internal struct Crc64
{
    // The polynomial without its highest term, lowest power in the highest bit.
    private const ulong Polynomial = 0xD800_0000_0000_0000;

    // Eight tables, so that eight bytes are looked up at once.
    private static readonly ulong[] s_tables = MakeTables();

    // For folding: what x^n is modulo the polynomial. One less than the distance, because a product of reflected numbers stands one bit too low.
    private static readonly Vector128<ulong> s_fold64 = Vector128.Create(PowerOfX(512 + 63), PowerOfX(512 - 1));
    private static readonly Vector128<ulong> s_fold16 = Vector128.Create(PowerOfX(128 + 63), PowerOfX(128 - 1));

    private ulong _inverse;

    /// <summary>The checksum of what was appended so far.</summary>
    public readonly ulong Value => _inverse;

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = ~_inverse;
        if (bytes.Length >= 128 && Pclmulqdq.IsSupported)
            state = Fold(state, ref bytes);
        _inverse = ~Update(state, bytes);
    }

    /// <summary>The checksum of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc64();
        crc.Append(bytes);
        return crc.Value;
    }

    /// <summary>
    /// Carry-less multiplication: sixteen bytes are moved over the following ones, which leaves the remainder as it is. Four strands hide the
    /// multiplication's latency. What is left are sixteen bytes that stand for all, and the tail.
    /// </summary>
    private static ulong Fold(ulong state, ref ReadOnlySpan<byte> bytes)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var (a, b, c, d) = (blocks[0] ^ Vector128.Create(state, 0), blocks[1], blocks[2], blocks[3]);
        var at = 4;
        for (; at + 4 <= blocks.Length; at += 4)
        {
            a = Multiply(a, s_fold64) ^ blocks[at];
            b = Multiply(b, s_fold64) ^ blocks[at + 1];
            c = Multiply(c, s_fold64) ^ blocks[at + 2];
            d = Multiply(d, s_fold64) ^ blocks[at + 3];
        }
        a = Multiply(a, s_fold16) ^ b;
        a = Multiply(a, s_fold16) ^ c;
        a = Multiply(a, s_fold16) ^ d;
        for (; at < blocks.Length; at++)
            a = Multiply(a, s_fold16) ^ blocks[at];
        bytes = bytes[(blocks.Length * 16)..];
        Span<byte> rest = stackalloc byte[16];
        MemoryMarshal.Write(rest, a);
        return Update(0, rest);
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> value, Vector128<ulong> powers) =>
        Pclmulqdq.CarrylessMultiply(value, powers, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, powers, 0x11);

    private static ulong Update(ulong state, ReadOnlySpan<byte> bytes)
    {
        var tables = s_tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            state ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            state = tables[0x700 + (byte)state] ^ tables[0x600 + (byte)(state >> 8)] ^ tables[0x500 + (byte)(state >> 16)]
                ^ tables[0x400 + (byte)(state >> 24)] ^ tables[0x300 + (byte)(state >> 32)] ^ tables[0x200 + (byte)(state >> 40)]
                ^ tables[0x100 + (byte)(state >> 48)] ^ tables[(int)(state >> 56)];
        }
        foreach (var octet in bytes)
            state = tables[(byte)state ^ octet] ^ (state >> 8);
        return state;
    }

    private static ulong[] MakeTables()
    {
        var tables = new ulong[8 * 256];
        for (var octet = 0; octet < 256; octet++)
        {
            var value = (ulong)octet;
            for (var bit = 0; bit < 8; bit++)
                value = TimesX(value);
            tables[octet] = value;
        }
        for (var at = 256; at < tables.Length; at++)
            tables[at] = tables[(byte)tables[at - 256]] ^ (tables[at - 256] >> 8);
        return tables;
    }

    private static ulong PowerOfX(int exponent)
    {
        var value = 1UL << 63;
        for (; exponent > 0; exponent--)
            value = TimesX(value);
        return value;
    }

    private static ulong TimesX(ulong value) => (value >> 1) ^ ((value & 1) * Polynomial);
}
