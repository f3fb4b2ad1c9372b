using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>Extended attributes: names and values are bytes. Paths end with NUL and their last component is not followed.</summary>
internal static unsafe class ExtendedAttributes
{
    // XATTR_LIST_MAX and XATTR_SIZE_MAX.
    private const int MaxBytes = 64 << 10;

    private static readonly bool s_root = Libc.Geteuid() == 0;

    /// <summary>The value, or null where there is no such attribute or the file system has none.</summary>
    public static byte[]? Get(ReadOnlySpan<byte> path, ReadOnlySpan<byte> terminatedName)
    {
        Span<byte> small = stackalloc byte[256];
        fixed (byte* at = path, name = terminatedName, buffer = small)
        {
            var length = Libc.LgetXattr(at, name, buffer, (nuint)small.Length);
            if (length >= 0)
                return small[..(int)length].ToArray();
            if (Marshal.GetLastPInvokeError() != Errno.ERANGE)
                return Absent() ? null : throw LinuxError.Last("read an extended attribute of", Printable.Escape(path[..^1]));
        }
        var large = new byte[MaxBytes];
        fixed (byte* at = path, name = terminatedName, buffer = large)
        {
            var length = Libc.LgetXattr(at, name, buffer, MaxBytes);
            return length >= 0 ? large[..(int)length] : throw LinuxError.Last("read an extended attribute of", Printable.Escape(path[..^1]));
        }
    }

    /// <summary>Every name, without NULs. An ordinary user sees no <c>trusted.</c> ones.</summary>
    public static IReadOnlyList<byte[]> List(ReadOnlySpan<byte> path)
    {
        Span<byte> small = stackalloc byte[512];
        fixed (byte* at = path, buffer = small)
        {
            var length = Libc.LlistXattr(at, buffer, (nuint)small.Length);
            if (length >= 0)
                return Split(small[..(int)length]);
            if (Marshal.GetLastPInvokeError() != Errno.ERANGE)
                return Absent() ? [] : throw LinuxError.Last("list the extended attributes of", Printable.Escape(path[..^1]));
        }
        var large = new byte[MaxBytes];
        fixed (byte* at = path, buffer = large)
        {
            var length = Libc.LlistXattr(at, buffer, MaxBytes);
            return length >= 0 ? Split(large.AsSpan(0, (int)length)) : throw LinuxError.Last("list the extended attributes of", Printable.Escape(path[..^1]));
        }
    }

    /// <summary>True where an open file has none: one call, and the answer is nearly always yes.</summary>
    public static bool HasNone(int fd) => Libc.FlistXattr(fd, null, 0) == 0;

    /// <summary>Sets an attribute.</summary>
    public static void Set(ReadOnlySpan<byte> path, ReadOnlySpan<byte> terminatedName, ReadOnlySpan<byte> value)
    {
        fixed (byte* at = path, name = terminatedName, data = value)
        {
            if (Libc.LsetXattr(at, name, data, (nuint)value.Length, 0) == 0)
                return;
        }
        // What only root may set (security.capability) an ordinary user's copy goes without.
        if (s_root || Marshal.GetLastPInvokeError() != Errno.EPERM)
            throw LinuxError.Last($"set the extended attribute {Printable.Escape(terminatedName[..^1])} of", Printable.Escape(path[..^1]));
    }

    /// <summary>Removes an attribute; one that is not there is no error.</summary>
    public static void Remove(ReadOnlySpan<byte> path, ReadOnlySpan<byte> terminatedName)
    {
        fixed (byte* at = path, name = terminatedName)
        {
            if (Libc.LremoveXattr(at, name) < 0 && !Absent())
                throw LinuxError.Last($"remove the extended attribute {Printable.Escape(terminatedName[..^1])} of", Printable.Escape(path[..^1]));
        }
    }

    /// <summary>Copies every attribute; <paramref name="rename"/> gives the name there, or null to leave it out.</summary>
    public static void Copy(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, Func<byte[], byte[]?>? rename)
    {
        foreach (var name in List(from))
        {
            var target = rename is null ? name : rename(name);
            if (target is not null && Get(from, FileName.Terminated(name)) is { } value)
                Set(to, FileName.Terminated(target), value);
        }
    }

    private static bool Absent() => Marshal.GetLastPInvokeError() is Errno.ENODATA or Errno.EOPNOTSUPP or Errno.ENOENT;

    private static List<byte[]> Split(ReadOnlySpan<byte> list)
    {
        var names = new List<byte[]>();
        while (list.IndexOf((byte)0) is var end and >= 0)
        {
            names.Add(list[..end].ToArray());
            list = list[(end + 1)..];
        }
        return names;
    }
}
