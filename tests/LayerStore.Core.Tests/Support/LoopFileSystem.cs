using System.Globalization;
using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>A real file system in a sparse file in memory, mounted for as long as it is used. What crashed runs left goes away with the next one.</summary>
public sealed class LoopFileSystem : IDisposable
{
    private const string Where = "/dev/shm";
    private const string Prefix = "layerstore-loop-";

    private static readonly Lazy<bool> s_cleaned = new(RemoveStale);
    private static readonly HashSet<string> s_live = [];
    private static readonly PosixSignalRegistration[] s_signals =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, RemoveLive))];

    private readonly string _image;

    /// <summary>Makes and mounts it.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="projectQuota">With project quota, on ext4 and xfs; the host's kernel may have none.</param>
    /// <param name="megabytes">Its size.</param>
    public LoopFileSystem(FileSystemKind kind, bool projectQuota = false, int megabytes = 2048)
    {
        _ = s_cleaned.Value;
        var name = $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}";
        Path = System.IO.Path.Combine(Where, name);
        _image = Path + ".img";
        try
        {
            lock (s_live)
            {
                s_live.Add(Path);
                Directory.CreateDirectory(Path);
                Make(kind, projectQuota, megabytes);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Why it cannot be made here; null where it can.</summary>
    public static string? MissingFor(FileSystemKind kind)
    {
        if (Libc.Geteuid() != 0)
            return "needs root: it mounts a file system";
        return ProgramMissingFor(kind);
    }

    /// <summary>As <see cref="MissingFor"/>, where it is made by root elsewhere.</summary>
    public static string? ProgramMissingFor(FileSystemKind kind)
    {
        var (program, package) = kind switch
        {
            FileSystemKind.Ext4 or FileSystemKind.Ext4WithoutKinds => ("mkfs.ext4", "e2fsprogs"),
            FileSystemKind.Xfs => ("mkfs.xfs", "xfsprogs"),
            FileSystemKind.Btrfs or FileSystemKind.BtrfsWithQuota => ("mkfs.btrfs", "btrfs-progs"),
            FileSystemKind.Zfs => ("zpool", "zfsutils-linux"),
            _ => ("mount", "mount"),
        };
        return Command.Exists(program) ? null : $"needs {program} (Debian package {package})";
    }

    public void Dispose()
    {
        Remove(Path);
        lock (s_live)
            s_live.Remove(Path);
    }

    /// <summary>
    /// Shuts the file system down (ext4, xfs) without writing its journal, as when the power goes, and mounts it again: what was not flushed is gone.
    /// </summary>
    public unsafe void CutPower()
    {
        const uint Shutdown = 0x8004587D, WithoutFlushing = 2; // EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are the same.
        var flags = WithoutFlushing;
        using (var directory = DirectoryHandle.Open(Path))
        {
            if (Libc.Ioctl(directory.Descriptor(), Shutdown, (nint)(&flags)) < 0)
                throw LinuxError.Last("shut down", Path);
        }
        // A store that was just closed keeps its database open for a moment.
        for (var tries = 0; Libc.Umount2(Path, Libc.UMOUNT_NOFOLLOW) < 0; tries++)
        {
            if (tries == 100)
                throw LinuxError.Last("unmount", Path);
            Thread.Sleep(100);
        }
        Command.Run("mount", "-o", "loop", _image, Path);
    }

    private void Make(FileSystemKind kind, bool projectQuota, int megabytes)
    {
        if (kind == FileSystemKind.Tmpfs)
        {
            Command.Run("mount", "-t", "tmpfs", "-o", "size=1g,mode=0755", "layerstore-test", Path);
            return;
        }
        using (var file = new FileStream(_image, FileMode.CreateNew))
            file.SetLength((long)megabytes << 20);
        switch (kind)
        {
            case FileSystemKind.Ext4 when projectQuota:
                Command.Run("mkfs.ext4", "-q", "-F", "-O", "quota,project", "-E", "lazy_itable_init=1,nodiscard,quotatype=prjquota", _image);
                break;
            case FileSystemKind.Ext4:
                Command.Run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,nodiscard", _image);
                break;
            case FileSystemKind.Ext4WithoutKinds:
                Command.Run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,nodiscard", "-O", "^filetype", _image);
                break;
            case FileSystemKind.Xfs:
                Command.Run("mkfs.xfs", "-q", "-f", "-K", "-m", "reflink=1", _image);
                break;
            case FileSystemKind.Btrfs or FileSystemKind.BtrfsWithQuota:
                Command.Run("mkfs.btrfs", "-q", "-f", "-K", _image);
                break;
            case FileSystemKind.Zfs:
                // ZFS makes no file system on a device but a pool; its name says whose it is.
                Command.Run("zpool", "create", "-f", "-o", "cachefile=none", "-m", "none", PoolOf(Path), _image);
                Command.Run("zfs", "create", "-o", "mountpoint=legacy", PoolOf(Path) + "/store");
                Command.Run("mount", "-t", "zfs", PoolOf(Path) + "/store", Path);
                return;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
        // mount(8) makes the loop device, which goes by itself when it is unmounted.
        Command.Run("mount", "-o", projectQuota ? "loop,prjquota" : "loop", _image, Path);
        if (kind == FileSystemKind.BtrfsWithQuota)
            Command.Run("btrfs", "quota", "enable", Path);
    }

    private static void Remove(string path)
    {
        foreach (var mount in MountTable.Below(path))
        {
            if (Libc.Umount2(mount, Libc.UMOUNT_NOFOLLOW) < 0)
                _ = Libc.Umount2(mount, Libc.UMOUNT_NOFOLLOW | Libc.MNT_DETACH);
        }
        if (Directory.Exists("/proc/spl/kstat/zfs/" + PoolOf(path)))
            Command.Run("zpool", "destroy", "-f", PoolOf(path));
        // Tests of a run that is interrupted may go on writing below it for a moment.
        TreeRemover.Remove(path);
        File.Delete(path + ".img");
    }

    // A run of the tests that is interrupted ends without disposing of anything. The lock is kept: no other is made any more.
    private static void RemoveLive(PosixSignalContext context)
    {
        Monitor.Enter(s_live);
        foreach (var path in s_live)
            Remove(path);
    }

    private static string PoolOf(string path) => System.IO.Path.GetFileName(path);

    private static bool RemoveStale()
    {
        foreach (var path in Directory.EnumerateDirectories(Where, Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !Directory.Exists($"/proc/{id}"))
                Remove(path);
        }
        return true;
    }
}
