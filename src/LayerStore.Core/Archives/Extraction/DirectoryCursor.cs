using System.Buffers.Binary;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

/// <summary>One open directory and how far it was read, so that a walk goes on where it was after it went down.</summary>
/// <param name="descriptor">The directory; closed with the cursor.</param>
/// <param name="name">Its own name in the directory above, with a NUL.</param>
internal sealed unsafe class DirectoryCursor(int descriptor, byte[] name) : IDisposable
{
    private const int BufferBytes = 8192;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _position, _length;

    public int Descriptor => descriptor;

    /// <summary>The directory's own name with a NUL.</summary>
    public byte[] Name => name;

    /// <summary>True where the directory could not be read; the error is in errno.</summary>
    public bool Failed { get; private set; }

    /// <summary>The next name with a NUL behind it, or null at the end.</summary>
    public byte[]? Next()
    {
        while (true)
        {
            if (_position >= _length && !Fill())
                return null;
            // struct linux_dirent64: inode, offset, u16 length of the record, type, name.
            var record = _buffer.AsSpan(_position);
            _position += BinaryPrimitives.ReadUInt16LittleEndian(record[16..]);
            var text = record[19..];
            text = text[..(text.IndexOf((byte)0) + 1)];
            if (!text.SequenceEqual(".\0"u8) && !text.SequenceEqual("..\0"u8))
                return text.ToArray();
        }
    }

    /// <summary>Reads from the beginning again.</summary>
    public void Rewind()
    {
        _ = Libc.Lseek(descriptor, 0, 0);
        _position = _length = 0;
    }

    public void Dispose() => _ = Libc.Close(descriptor);

    private bool Fill()
    {
        _position = 0;
        fixed (byte* buffer = _buffer)
            _length = (int)Libc.Getdents64(descriptor, buffer, BufferBytes);
        Failed = _length < 0;
        return _length > 0;
    }
}
