using System.Buffers.Text;
using System.Globalization;
using System.Text;
using LayerStore.Linux;

namespace LayerStore.Archives;

/// <summary>
/// Owner, mode and type that a file has in its image, where an ordinary user could not give it them: the extended attribute
/// <c>user.containers.override_stat</c> in the format of containers/storage, <c>uid:gid:mode[:type]</c>, which fuse-overlayfs and others read too. The mode is octal; the type is <c>dir</c>,
/// <c>file</c>, <c>symlink</c>, <c>pipe</c>, <c>socket</c>, <c>block-MAJOR-MINOR</c> or <c>char-MAJOR-MINOR</c>.
/// </summary>
/// <param name="Uid">The owner.</param>
/// <param name="Gid">The group.</param>
/// <param name="Mode">Permission bits, setuid, setgid and sticky, and the type's bits (S_IFMT); those are 0 where the attribute names no type.</param>
/// <param name="DeviceMajor">Of a device.</param>
/// <param name="DeviceMinor">Of a device.</param>
internal readonly record struct OverrideStat(uint Uid, uint Gid, uint Mode, uint DeviceMajor = 0, uint DeviceMinor = 0)
{
    /// <summary>The attribute.</summary>
    public const string Name = "user.containers.override_stat";

    // Three numbers of ten digits, a mode, the longest type and two more numbers.
    private const int MaxBytes = 80;

    /// <summary>The attribute's name, with a NUL behind it for system calls.</summary>
    public static ReadOnlySpan<byte> NameBytes => "user.containers.override_stat\0"u8;

    /// <summary>The type's bits (S_IFMT), 0 where the attribute names no type.</summary>
    public uint Type => Mode & Libc.S_IFMT;

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out OverrideStat stat)
    {
        stat = default;
        Span<Range> parts = stackalloc Range[5];
        var count = 0;
        foreach (var part in value.Split((byte)':'))
        {
            if (count == parts.Length)
                return false;
            parts[count++] = part;
        }
        if (count is < 3 or > 4 || !TryParseNumber(value[parts[0]], out var uid) || !TryParseNumber(value[parts[1]], out var gid)
            || !TryParseOctal(value[parts[2]], out var mode))
            return false;
        uint type = 0, major = 0, minor = 0;
        if (count == 4 && !TryParseType(value[parts[3]], out type, out major, out minor))
            return false;
        stat = new OverrideStat(uid, gid, type | mode, major, minor);
        return true;
    }

    /// <summary>Reads the attribute of an open file; null where it has none.</summary>
    /// <exception cref="StoreException">The attribute cannot be read or is malformed.</exception>
    public static unsafe OverrideStat? Read(int fd, string displayPath)
    {
        var buffer = stackalloc byte[MaxBytes];
        nint length;
        fixed (byte* name = NameBytes)
            length = Libc.FgetXattr(fd, name, buffer, MaxBytes);
        return Interpret(buffer, length, displayPath);
    }

    /// <summary>As <see cref="Read(int, string)"/>, by a path with a NUL behind it; a symbolic link is not followed.</summary>
    public static unsafe OverrideStat? Read(byte* path, string displayPath)
    {
        var buffer = stackalloc byte[MaxBytes];
        nint length;
        fixed (byte* name = NameBytes)
            length = Libc.LgetXattr(path, name, buffer, MaxBytes);
        return Interpret(buffer, length, displayPath);
    }

    /// <summary>Records it on an open file or directory; 0, or -1 with the error in errno.</summary>
    public unsafe int Write(int fd)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        var length = Format(value);
        fixed (byte* name = NameBytes)
        fixed (byte* bytes = value)
            return Libc.FsetXattr(fd, name, bytes, (nuint)length, 0);
    }

    /// <summary>Writes the value as ASCII, without allocating; returns its length.</summary>
    public int Format(Span<byte> destination)
    {
        var length = 0;
        Number(Uid, destination, ref length);
        destination[length++] = (byte)':';
        Number(Gid, destination, ref length);
        destination[length++] = (byte)':';
        for (var shift = 9; shift >= 0; shift -= 3)
            destination[length++] = (byte)('0' + ((Mode >> shift) & 7));
        var type = Type switch
        {
            Libc.S_IFREG => ":file"u8,
            Libc.S_IFDIR => ":dir"u8,
            Libc.S_IFLNK => ":symlink"u8,
            Libc.S_IFIFO => ":pipe"u8,
            Libc.S_IFSOCK => ":socket"u8,
            Libc.S_IFBLK => ":block-"u8,
            Libc.S_IFCHR => ":char-"u8,
            _ => [],
        };
        type.CopyTo(destination[length..]);
        length += type.Length;
        if (Type is Libc.S_IFBLK or Libc.S_IFCHR)
        {
            Number(DeviceMajor, destination, ref length);
            destination[length++] = (byte)'-';
            Number(DeviceMinor, destination, ref length);
        }
        return length;
    }

    /// <summary>The value as it stands in the attribute.</summary>
    public override string ToString()
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(value[..Format(value)]);
    }

    private static unsafe OverrideStat? Interpret(byte* value, nint length, string displayPath)
    {
        if (length < 0)
        {
            var errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            if (errno is Errno.ENODATA or Errno.EOPNOTSUPP)
                return null;
            if (errno != Errno.ERANGE)
                throw LinuxError.From(errno, $"read the extended attribute {Name} of", displayPath);
        }
        else if (TryParse(new ReadOnlySpan<byte>(value, (int)length), out var stat))
            return stat;
        throw new StoreException(
            ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, displayPath,
            $"The extended attribute {Name} of '{Printable.Escape(displayPath)}' is malformed.", "Import the image of this layer again.");
    }

    private static void Number(uint number, Span<byte> destination, ref int length)
    {
        number.TryFormat(destination[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
    }

    private static bool TryParseType(ReadOnlySpan<byte> text, out uint type, out uint major, out uint minor)
    {
        major = minor = 0;
        type = text switch
        {
            _ when text.SequenceEqual("file"u8) => Libc.S_IFREG,
            _ when text.SequenceEqual("dir"u8) => Libc.S_IFDIR,
            _ when text.SequenceEqual("symlink"u8) => Libc.S_IFLNK,
            _ when text.SequenceEqual("pipe"u8) => Libc.S_IFIFO,
            _ when text.SequenceEqual("socket"u8) => Libc.S_IFSOCK,
            _ when text.StartsWith("block-"u8) => Libc.S_IFBLK,
            _ when text.StartsWith("char-"u8) => Libc.S_IFCHR,
            _ => 0,
        };
        if (type is not (Libc.S_IFBLK or Libc.S_IFCHR))
            return type != 0;
        var numbers = text[(text.IndexOf((byte)'-') + 1)..];
        var dash = numbers.IndexOf((byte)'-');
        return dash > 0 && TryParseNumber(numbers[..dash], out major) && TryParseNumber(numbers[(dash + 1)..], out minor);
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> text, out uint number)
    {
        number = 0;
        return !text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9' && Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;
    }

    private static bool TryParseOctal(ReadOnlySpan<byte> text, out uint number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > 6 || text.IndexOfAnyExceptInRange((byte)'0', (byte)'7') >= 0)
            return false;
        foreach (var digit in text)
            number = (number << 3) | (uint)(digit - '0');
        return number <= 0xfff;
    }
}
