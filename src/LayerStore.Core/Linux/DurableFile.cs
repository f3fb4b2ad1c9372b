using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Small files that are there in whole or not at all, whenever the power goes.</summary>
internal static class DurableFile
{
    /// <summary>Writes a file, replaces the old one in one step, and returns when that will survive.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".new";
        var fd = Libc.Open(temporary, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0x180);
        if (fd < 0)
            throw LinuxError.Last("write", path);
        using (var file = new SafeFileHandle(fd, ownsHandle: true))
        {
            Write(file, bytes, path);
            if (Libc.Fsync(fd) < 0)
                throw LinuxError.Last("flush", path);
        }
        if (Libc.Rename(temporary, path) < 0)
            throw LinuxError.Last("replace", path);
        DirectoryHandle.Flush(Path.GetDirectoryName(path)!);
    }

    private static unsafe void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, string path)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* from = bytes)
                written = Libc.Write(file.Descriptor(), from, (nuint)bytes.Length);
            if (written < 0)
                throw LinuxError.Last("write", path);
            bytes = bytes[(int)written..];
        }
    }
}
