namespace LayerStore.Linux;

/// <summary>Reads symbolic links as bytes.</summary>
internal static unsafe class SymbolicLink
{
    private const int MaxBytes = 4096;

    /// <summary>Where the link of that name (ending with NUL) points.</summary>
    public static byte[] Read(int directory, ReadOnlySpan<byte> terminatedName)
    {
        Span<byte> buffer = stackalloc byte[MaxBytes];
        fixed (byte* name = terminatedName, start = buffer)
        {
            var length = Libc.ReadlinkAt(directory, name, start, MaxBytes);
            return length >= 0 ? buffer[..(int)length].ToArray() : throw LinuxError.Last("read the symbolic link", Printable.Escape(terminatedName[..^1]));
        }
    }
}
