using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// Reads an open directory by getdents64(2): names as bytes, kinds where the file system tells them, no object per entry.
/// <c>.</c> and <c>..</c> are left out.
/// </summary>
internal unsafe ref struct DirectoryReader
{
    private const int BufferSize = 32 << 10;

    // struct linux_dirent64: inode 8 bytes, offset 8, record length 2, kind 1, then the name with its NUL.
    private const int LengthAt = 16, KindAt = 18, NameAt = 19;

    private readonly int _directory;
    private byte[]? _buffer;
    private int _at;
    private int _end;

    public DirectoryReader(int directory)
    {
        _directory = directory;
        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    /// <summary>The entry's name without its NUL; valid until the next call of <see cref="Next"/>.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>DT_REG, DT_DIR …; DT_UNKNOWN where the file system does not say.</summary>
    public byte Kind { get; private set; }

    /// <summary>The number of its inode in this file system; that of a place where something is mounted is not the mount's.</summary>
    public ulong Inode { get; private set; }

    /// <summary>Every name of a directory that changes while its entries are worked on.</summary>
    public static List<byte[]> NamesOf(SafeFileHandle directory)
    {
        var names = new List<byte[]>();
        using var reader = new DirectoryReader(directory.Descriptor());
        while (reader.Next())
            names.Add(reader.Name.ToArray());
        return names;
    }

    /// <summary>Moves to the next entry; false at the end.</summary>
    /// <exception cref="StoreException">The directory cannot be read.</exception>
    public bool Next()
    {
        while (true)
        {
            if (_at >= _end && !Fill())
                return false;
            var record = _buffer.AsSpan(_at, _end - _at);
            var length = MemoryMarshal.Read<ushort>(record[LengthAt..]);
            _at += length;
            var name = record[NameAt..length];
            name = name[..name.IndexOf((byte)0)];
            if (name is [(byte)'.'] or [(byte)'.', (byte)'.'])
                continue;
            Name = name;
            Kind = record[KindAt];
            Inode = MemoryMarshal.Read<ulong>(record);
            return true;
        }
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
    }

    private bool Fill()
    {
        fixed (byte* start = _buffer)
        {
            var read = Libc.Getdents64(_directory, start, BufferSize);
            if (read < 0)
            {
                // A directory that was removed while it is open reads as ENOENT: it is empty.
                if (Marshal.GetLastPInvokeError() == Errno.ENOENT)
                    return false;
                throw LinuxError.Last("read the directory", $"/proc/self/fd/{_directory}");
            }
            _at = 0;
            _end = (int)read;
            return read > 0;
        }
    }
}
