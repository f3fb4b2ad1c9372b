using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Counts what a directory tree takes by Docker's rules (<see cref="Usage"/>): one getdents64 for hundreds of names, one statx a file.</summary>
internal static unsafe class TreeUsage
{
    private const uint FileMask = Libc.STATX_TYPE | Libc.STATX_NLINK | Libc.STATX_INO | Libc.STATX_SIZE | Libc.STATX_BLOCKS;

    /// <summary>Measures what is below <paramref name="root"/>; the root itself does not count.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Usage Measure(SafeFileHandle root, CancellationToken cancellation) => Measure(root, null, cancellation);

    /// <summary>As the other one, where names may say how an entry counts.</summary>
    public static Usage Measure(SafeFileHandle root, TreeEntryRule? rule, CancellationToken cancellation)
    {
        long bytes = 0, inodes = 0, blocks = 0;
        HashSet<ulong>? seen = null;
        var pending = new Stack<TreeDirectory>();
        pending.Push(new TreeDirectory(root));
        while (pending.TryPop(out var directory))
        {
            cancellation.ThrowIfCancellationRequested();
            using var handle = directory.TryOpen();
            if (handle is null)
                continue; // Removed meanwhile: a container may be at work.
            var fd = handle.Descriptor();
            using var reader = new DirectoryReader(fd);
            while (reader.Next())
            {
                if (rule?.Invoke(reader.Name) is { } kind and not TreeEntryKind.Ordinary)
                {
                    inodes += kind == TreeEntryKind.Marker ? 1 : 0;
                    continue;
                }
                StatxData data;
                fixed (byte* name = reader.Name) // The kernel's record ends with NUL.
                {
                    if (Libc.Statx(fd, name, Libc.AT_SYMLINK_NOFOLLOW | Libc.AT_STATX_DONT_SYNC, FileMask, &data) < 0)
                    {
                        if (Marshal.GetLastPInvokeError() == Errno.ENOENT)
                            continue;
                        throw LinuxError.Last("look at", $"{directory.DisplayPath}/{Printable.Escape(reader.Name)}");
                    }
                }
                if (data.IsDirectory)
                    pending.Push(directory.Child(reader.Name));
                else if (data.LinkCount > 1 && !(seen ??= []).Add(data.Inode))
                    continue;
                else if (data.IsRegular || data.IsSymlink)
                    bytes += (long)data.Size;
                inodes++;
                blocks += (long)data.Blocks;
            }
        }
        return new Usage(bytes, inodes, blocks * 512);
    }
}
