using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

/// <summary>
/// Removes whiteouts that hide nothing, because their directory, or one above it, is opaque: overlayfs does not merge such directories, and would show a whiteout
/// in them as a name without a file.
/// </summary>
internal static unsafe class StaleWhiteouts
{
    /// <summary>Goes through a layer's directory, whose times stay as they are.</summary>
    /// <param name="root">The layer's root.</param>
    /// <param name="display">Its path, for messages.</param>
    /// <param name="everywhere">True where nothing lies below the layer at all: an opaque root, or no parent.</param>
    /// <returns>How many were removed.</returns>
    public static long Remove(int root, string display, bool everywhere)
    {
        long removed = 0;
        var levels = new Stack<(DirectoryCursor Cursor, bool Hidden, long RemovedBefore, StatxData Before)>();
        try
        {
            Push(root, ".\0"u8.ToArray(), everywhere);
            while (levels.TryPeek(out var level))
            {
                if (level.Cursor.Next() is not { } name)
                {
                    if (level.Cursor.Failed)
                        throw LinuxError.Last("read a directory of", display);
                    _ = levels.Pop();
                    using (level.Cursor)
                    {
                        if (removed > level.RemovedBefore)
                            RestoreTimes(level.Cursor.Descriptor, level.Before, display);
                    }
                    continue;
                }
                var directory = level.Cursor.Descriptor;
                fixed (byte* pointer = name)
                {
                    if (!TryStat(directory, pointer, out var data))
                        throw LinuxError.Last("look at a file of", display);
                    if (data.IsDirectory)
                        Push(directory, name, level.Hidden);
                    else if (level.Hidden && (data.IsWhiteoutDevice || (data.IsRegular && data.Size == 0 && HasWhiteoutXattr(directory, pointer))))
                    {
                        if (Libc.UnlinkAt(directory, pointer, 0) < 0)
                            throw LinuxError.Last("remove a whiteout of", display);
                        removed++;
                    }
                }
            }
        }
        finally
        {
            foreach (var level in levels)
                level.Cursor.Dispose();
        }
        return removed;

        void Push(int directory, byte[] name, bool hidden)
        {
            int descriptor;
            fixed (byte* pointer = name)
                descriptor = Libc.OpenAt(directory, pointer, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
            if (descriptor < 0)
                throw LinuxError.Last("open a directory of", display);
            var cursor = new DirectoryCursor(descriptor, name);
            StatxData before;
            fixed (byte* here = ".\0"u8)
            {
                _ = TryStat(descriptor, here, out before);
            }
            levels.Push((cursor, hidden || IsOpaque(descriptor), removed, before));
        }
    }

    /// <summary>True for overlayfs's whiteout of an ordinary user.</summary>
    public static bool HasWhiteoutXattr(int directory, byte* name)
    {
        var descriptor = Libc.OpenAt(directory, name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (descriptor < 0)
            return false;
        nint length;
        fixed (byte* whiteout = "user.overlay.whiteout\0"u8)
            length = Libc.FgetXattr(descriptor, whiteout, null, 0);
        _ = Libc.Close(descriptor);
        return length >= 0;
    }

    private static bool IsOpaque(int descriptor)
    {
        var value = stackalloc byte[1];
        fixed (byte* trusted = "trusted.overlay.opaque\0"u8, user = "user.overlay.opaque\0"u8)
        {
            return (Libc.FgetXattr(descriptor, trusted, value, 1) == 1 && *value == 'y')
                || (Libc.FgetXattr(descriptor, user, value, 1) == 1 && *value == 'y');
        }
    }

    private static void RestoreTimes(int descriptor, in StatxData before, string display)
    {
        var times = stackalloc TimeSpec[2]
        {
            new TimeSpec(0, TimeSpec.Omit),
            new TimeSpec(before.ModificationTime.Seconds, before.ModificationTime.Nanoseconds),
        };
        if (Libc.Futimens(descriptor, times) < 0)
            throw LinuxError.Last("set the time of a directory of", display);
    }

    private static bool TryStat(int directory, byte* name, out StatxData data)
    {
        fixed (StatxData* pointer = &data)
            return Libc.Statx(directory, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, pointer) == 0;
    }
}
