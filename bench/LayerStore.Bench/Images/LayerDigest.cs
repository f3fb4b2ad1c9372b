using System.Security.Cryptography;

namespace LayerStore.Bench.Images;

/// <summary>SHA-256 of a file, as 64 hexadecimal digits.</summary>
internal static class LayerDigest
{
    public static string OfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
