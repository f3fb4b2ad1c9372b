using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>
/// Moves entries between directories. An ordinary user may move a directory elsewhere only where he may write it, whatever its own mode is to be: it gets
/// his permission for that moment.
/// </summary>
internal static unsafe class EntryMove
{
    /// <summary>Moves an entry; a file, or an empty directory in a directory's place, that has the new name is replaced. Names end with NUL.</summary>
    /// <exception cref="StoreException">It cannot be moved.</exception>
    public static void Move(int from, ReadOnlySpan<byte> name, int to, ReadOnlySpan<byte> newName)
    {
        if (TryMove(from, name, to, newName) is var error and not 0)
            throw LinuxError.From(error, "move", Printable.Escape(name[..^1]));
    }

    /// <summary>As <see cref="Move(int, ReadOnlySpan{byte}, int, ReadOnlySpan{byte})"/>, by paths.</summary>
    public static void Move(string from, string to) =>
        Move(Libc.AT_FDCWD, FileName.Terminated(from), Libc.AT_FDCWD, FileName.Terminated(to));

    /// <summary>As <see cref="Move(int, ReadOnlySpan{byte}, int, ReadOnlySpan{byte})"/>.</summary>
    /// <returns>Zero, or why it was not moved.</returns>
    public static int TryMove(int from, ReadOnlySpan<byte> name, int to, ReadOnlySpan<byte> newName)
    {
        fixed (byte* old = name, @new = newName)
        {
            if (Libc.RenameAt(from, old, to, @new) == 0)
                return 0;
            var error = Marshal.GetLastPInvokeError();
            StatxData data;
            if (error != Errno.EACCES || Libc.Geteuid() == 0
                || Libc.Statx(from, old, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &data) != 0 || !data.IsDirectory
                || Libc.FchmodAt(from, old, 0x1C0, 0) != 0)
                return error;
            error = Libc.RenameAt(from, old, to, @new) == 0 ? 0 : Marshal.GetLastPInvokeError();
            _ = error == 0 ? Libc.FchmodAt(to, @new, data.Mode & 0xFFFu, 0) : Libc.FchmodAt(from, old, data.Mode & 0xFFFu, 0);
            return error;
        }
    }
}
