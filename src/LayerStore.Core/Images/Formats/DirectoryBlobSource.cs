using System.Runtime.InteropServices;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>The files below one directory; no symbolic link and no <c>..</c> leads out of it.</summary>
/// <param name="directory">The directory; disposed with this.</param>
/// <param name="path">Its path, for messages.</param>
/// <param name="useOpenAt2">False to go component by component, as on kernels without openat2(2).</param>
internal sealed unsafe class DirectoryBlobSource(SafeFileHandle directory, string path, bool useOpenAt2 = true) : IBlobSource
{
    // O_NONBLOCK: a pipe that lies there must not hold us up before it is refused.
    private static readonly int Flags = Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK;

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public BlobStream? TryOpen(string name)
    {
        if (!BlobName.IsSafe(name))
            throw ArchiveFaults.UnsafePath(name, "leads out of the archive");
        var fd = OpenBeneath(name);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                Errno.ENOENT or Errno.ENOTDIR => null,
                Errno.EXDEV or Errno.ELOOP => throw ArchiveFaults.UnsafePath(
                    System.IO.Path.Combine(path, name), "is a symbolic link that leads out of the archive's directory"),
                var errno => throw LinuxError.From(errno, "read", System.IO.Path.Combine(path, name)),
            };
        }
        var file = new SafeFileHandle(fd, ownsHandle: true);
        try
        {
            var status = FileStatus.Of(file, System.IO.Path.Combine(path, name));
            if (!status.IsRegular)
                throw ArchiveFaults.Unrecognized(path, $"'{Printable.Escape(name)}' in it is not a regular file");
            return new BlobStream(file, 0, (long)status.Size, System.IO.Path.Combine(path, name), ownsFile: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();

    private int OpenBeneath(string name)
    {
        var root = (int)directory.DangerousGetHandle();
        fixed (byte* bytes = FileName.Terminated(name))
        {
            if (!useOpenAt2)
                return OpenByComponents(root, name);
            var fd = Libc.OpenAt2(root, bytes, Flags, 0, Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_MAGICLINKS);
            if (fd >= 0 || Marshal.GetLastPInvokeError() is not (Errno.ENOSYS or Errno.EPERM))
                return fd;
        }
        return OpenByComponents(root, name);
    }

    /// <summary>Where openat2 is missing: one component after the other, symbolic links refused altogether.</summary>
    private static int OpenByComponents(int root, string name)
    {
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = root;
        for (var i = 0; i < parts.Length; i++)
        {
            var last = i == parts.Length - 1;
            var next = Libc.OpenAt(at, parts[i], Libc.O_NOFOLLOW | Libc.O_CLOEXEC | (last ? Flags : Libc.O_PATH | Libc.O_DIRECTORY));
            var errno = Marshal.GetLastPInvokeError();
            if (at != root)
                _ = Libc.Close(at);
            Marshal.SetLastPInvokeError(errno);
            if (next < 0)
                return next;
            at = next;
        }
        return at;
    }
}
