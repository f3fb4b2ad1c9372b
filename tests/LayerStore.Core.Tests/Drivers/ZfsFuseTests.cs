using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>
/// zfs-fuse: the ZFS of 2011 as an ordinary program, without a kernel module. Debian's package cannot be installed beside zfsutils-linux, which the guest of the other tests needs: put its
/// programs into the PATH to run this (<c>apt-get download zfs-fuse; dpkg-deb -x zfs-fuse_*.deb FOLDER; PATH=FOLDER/sbin:$PATH</c>).
/// </summary>
public sealed class ZfsFuseTests : IDisposable
{
    private readonly TestDirectory _place = new("/dev/shm");

    public void Dispose() => _place.Dispose();

    [ToolFact("zfs-fuse", Root = true)]
    public void A_directory_on_it_is_told_to_be_none_that_the_driver_works_on()
    {
        // In mounts and processes of its own: the daemon keeps its socket, lock and list of pools in fixed places, and ends with the script.
        const string script = """
            mount -t tmpfs none /run && mkdir -p /run/lock /run/zfs; mount -t tmpfs none /var/lib && mkdir /var/lib/zfs
            zfs-fuse --no-daemon --no-kstat-mount >"$1/log" 2>&1 &
            for i in $(seq 100); do [ ! -S /run/zfs/zfs_socket ] || break; sleep 0.1; done
            truncate -s 128M "$1/disk" && mkdir "$1/mounted" && zpool create -m "$1/mounted" layerstore-fuse "$1/disk" >>"$1/log" 2>&1
            "$2" exec "$3" probe "$1/mounted" zfs
            umount "$1/mounted"
            """;
        var output = Command.Run(
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script, "sh", _place.Path, Environment.ProcessPath!, typeof(ZfsFuseTests).Assembly.Location);
        Assert.Contains("zfs: zfs module: /dev/zfs: No such file or directory; the directory stands on zfs-fuse", output, StringComparison.Ordinal);
        Assert.Contains("Install OpenZFS", output, StringComparison.Ordinal);
        Assert.Contains("chosen: vfs", output, StringComparison.Ordinal);
    }
}
