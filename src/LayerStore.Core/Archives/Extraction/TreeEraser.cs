using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

/// <summary>Removes a directory and all that is below it, however deep, by handles only, with a bounded number of them and no recursion.</summary>
internal static unsafe class TreeEraser
{
    // Deeper directories are moved up to the top first, where they are shallow again.
    private const int MaxOpen = 128;

    /// <summary>Told what was removed, by its attributes just before.</summary>
    public delegate void Removed(in StatxData data);

    /// <summary>Removes the directory <paramref name="name"/> in <paramref name="parent"/>; symbolic links are removed, never followed.</summary>
    public static void Erase(int parent, byte* name, string display, Removed removed)
    {
        var top = Open(parent, name, display);
        var levels = new Stack<DirectoryCursor>();
        levels.Push(new DirectoryCursor(top, []));
        var moved = 0;
        try
        {
            while (levels.TryPeek(out var level))
            {
                if (level.Next() is not { } child)
                {
                    // Something may have moved here meanwhile.
                    if (level.Failed)
                        throw LinuxError.Last("read a directory of", display);
                    levels.Pop();
                    var at = levels.TryPeek(out var above) ? above.Descriptor : parent;
                    fixed (byte* own = level.Name)
                    {
                        var ownName = levels.Count > 0 ? own : name;
                        if (!TryStat(at, ownName, out var gone) || Libc.UnlinkAt(at, ownName, Libc.AT_REMOVEDIR) == 0)
                        {
                            removed(gone);
                            level.Dispose();
                            continue;
                        }
                    }
                    if (Marshal.GetLastPInvokeError() != Errno.ENOTEMPTY)
                    {
                        level.Dispose();
                        throw LinuxError.Last("remove a directory of", display);
                    }
                    level.Rewind();
                    levels.Push(level);
                    continue;
                }
                Remove(levels, level, child, top, ref moved, display, removed);
            }
        }
        finally
        {
            foreach (var level in levels)
                level.Dispose();
        }
    }

    private static void Remove(Stack<DirectoryCursor> levels, DirectoryCursor level, byte[] child, int top, ref int moved, string display, Removed removed)
    {
        fixed (byte* name = child)
        {
            if (!TryStat(level.Descriptor, name, out var data))
                throw LinuxError.Last("look at a file of", display);
            if (Libc.UnlinkAt(level.Descriptor, name, data.IsDirectory ? Libc.AT_REMOVEDIR : 0) == 0)
            {
                removed(data);
                return;
            }
            if (!data.IsDirectory || Marshal.GetLastPInvokeError() is not (Errno.ENOTEMPTY or Errno.EEXIST))
                throw LinuxError.Last("remove a file of", display);
            if (levels.Count < MaxOpen)
            {
                levels.Push(new DirectoryCursor(Open(level.Descriptor, name, display), child));
                return;
            }
            // No entry of an archive can be called so.
            var room = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $".wh..wh.moved.{moved++}\0"));
            fixed (byte* newName = room)
            {
                if (Libc.RenameAt(level.Descriptor, name, top, newName) < 0)
                    throw LinuxError.Last("move a directory of", display);
            }
        }
    }

    private static int Open(int directory, byte* name, string display)
    {
        var descriptor = Libc.OpenAt(directory, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
        return descriptor >= 0 ? descriptor : throw LinuxError.Last("open a directory of", display);
    }

    private static bool TryStat(int directory, byte* name, out StatxData data)
    {
        fixed (StatxData* pointer = &data)
            return Libc.Statx(directory, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, pointer) == 0;
    }
}
