using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public abstract partial class DriverConformance
{
    // What dockerd 20.10.24 measured of the same scripts, and its docker diff; both run in an image of busybox alone.
    private static readonly (string Script, long Bytes, string Size, string? Diff)[] s_golden =
    [
        ("true", 0, "0B", ""),
        ("dd if=/dev/zero of=/root/f bs=1024 count=1024", 1048576, "1.05MB", "C /root,A /root/f"),
        ("dd if=/dev/zero of=/root/f bs=1 count=1 seek=10485759", 10485760, "10.5MB", "C /root,A /root/f"),
        ("dd if=/dev/zero of=/root/f bs=1000 count=1000; ln /root/f /root/g; ln /root/f /root/h", 1000000, "1MB", "C /root,A /root/f,A /root/g,A /root/h"),
        ("ln -s /etc/passwd /root/sl; ln -s aaaaaaaaaa /root/sl2", 21, "21B", "C /root,A /root/sl,A /root/sl2"),
        ("rm /etc/passwd; rm -r /home", 0, "0B", "C /etc,D /etc/passwd,D /home"),
        ("chmod 600 /etc/passwd; touch /etc/group", 81, "81B", "C /etc,C /etc/group,C /etc/passwd"),
        ("for d in 0 1 2 3 4 5 6 7 8 9; do mkdir /root/$d; i=0; while [ $i -lt 1000 ]; do echo file $d $i > /root/$d/f$i; i=$((i+1)); done; done",
            108900, "109kB", null),
        ("mkdir -p /root/a/b/c; mkfifo /root/fifo; mknod /root/null c 1 3", 0, "0B", "C /root,A /root/a,A /root/a/b,A /root/a/b/c,A /root/fifo,A /root/null"),
        ("mv /etc/passwd /etc/passwd2; rm -rf /home; mkdir /home; echo x > /home/x", 73, "73B", "C /etc,D /etc/passwd,A /etc/passwd2,C /home,A /home/x"),
    ];

    [FileSystemFact]
    public void Sizes_and_changes_are_Docker_s_to_the_byte()
    {
        var small = Play.Image([], layer => ExtractSmallImage(layer.Root));

        // As Docker's own layer between image and container does.
        var devices = Play.Image([small], layer => layer.Directory("dev").Device("dev/zero", Libc.S_IFCHR, 1, 5));
        LayerId[] image = [devices, small];
        foreach (var (script, bytes, size, diff) in s_golden)
        {
            var (container, mount) = Play.Run(image);
            using (mount)
            {
                Assert.Equal(0, Driver.Measure(container, image).Bytes);
                Command.Run("chroot", mount.Root, "/bin/sh", "-c", script);
                Assert.Equal((script, bytes), (script, Driver.Measure(container, image).Bytes));
            }
            var usage = Driver.Measure(container, image);
            Assert.Equal((script, bytes, size), (script, usage.Bytes, ByteSize.Format(usage.Bytes)));
            if (diff is not null)
                Assert.Equal(diff.Split(',', StringSplitOptions.RemoveEmptyEntries), Play.Changes(container, image));
            else
                Assert.Equal(10_011, Play.Changes(container, image).Count);
        }
    }

    [FileSystemFact]
    public void Inodes_count_every_entry_once_and_allocated_bytes_are_what_the_file_system_says()
    {
        var image = Play.Image([], layer => layer.File("gone", "x"));
        var (container, mount) = Play.Run(image);
        using (mount)
        {
            Directory.CreateDirectory(mount.At("dir"));
            mount.Write("dir/file", new string('x', 10000));
            Command.Run("ln", mount.At("dir/file"), mount.At("dir/link"));
            File.Delete(mount.At("gone"));
        }
        var usage = Driver.Measure(container, [image]);
        Assert.Equal(10000, usage.Bytes);
        Assert.Equal(3, usage.Inodes);
        if (usage.AllocatedBytes is { } allocated && Kind is not FileSystemKind.Btrfs and not FileSystemKind.Xfs)
            Assert.InRange(allocated, 10000, 65536);

        // The driver's own books are as of the last sync, and count what it keeps beside the files; xfs clears two megabytes of a device's log whenever it is mounted.
        Driver.Sync();
        if (Driver.Features.HasFlag(DriverFeatures.ConstantTimeUsage))
            Assert.InRange(Driver.Account(container)?.AllocatedBytes ?? 0, 10000, 4 << 20);
        else
            Assert.Null(Driver.Account(container));
    }

    private static void ExtractSmallImage(string target)
    {
        using var scratch = new TestDirectory("/dev/shm");
        Command.Run("tar", "-xf", TestFiles.SmallImage, "-C", scratch.Path);
        var layer = Assert.Single(Directory.EnumerateFiles(scratch.Path, "layer.tar", SearchOption.AllDirectories));
        Command.Run("tar", "-xpf", layer, "-C", target);
    }
}
