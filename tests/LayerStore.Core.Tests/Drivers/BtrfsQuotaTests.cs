using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Linux.Btrfs;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>btrfs's quota: used where the administrator switched it on, and never switched.</summary>
[DriverEnvironment("btrfs", "btrfs with quota"), OnFileSystem(FileSystemKind.Btrfs), OnFileSystem(FileSystemKind.BtrfsWithQuota)]
public sealed class BtrfsQuotaTests(BtrfsFixture plain, BtrfsQuotaFixture counting) : IClassFixture<BtrfsFixture>, IClassFixture<BtrfsQuotaFixture>
{
    [FileSystemFact]
    public void What_a_container_takes_is_known_without_a_look_at_its_files()
    {
        using var play = new DriverPlayground("btrfs", counting.Path);
        var image = play.Image([], layer => layer.File("big", new string('x', 3_000_000)));
        var (container, mount) = play.Run(image);
        using (mount)
            File.WriteAllBytes(mount.At("written"), new byte[1_000_000]);
        play.Driver.Sync();
        Assert.InRange(play.Driver.Account(container)!.Value.AllocatedBytes!.Value, 1_000_000, 1_200_000);
        Assert.True(play.Driver.Features.HasFlag(DriverFeatures.ConstantTimeUsage));
    }

    [FileSystemFact]
    public void The_group_of_a_removed_layer_goes_as_soon_as_the_kernel_lets_it()
    {
        using var play = new DriverPlayground("btrfs", counting.Path);
        var container = play.Container();
        ulong subvolume;
        using (var tree = DirectoryHandle.Open(Path.Combine(play.Home, "subvolumes", container.Value)))
            subvolume = Subvolume.InfoOf(tree).TreeId;
        play.Driver.Remove(container);
        for (var attempt = 0; HasGroup(subvolume) && attempt < 100; attempt++)
        {
            Command.Run("btrfs", "subvolume", "sync", counting.Path);
            play.Open();
        }
        Assert.False(HasGroup(subvolume));
        play.Open();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(play.Home, "removing")));

        bool HasGroup(ulong id) => Command.Run("btrfs", "qgroup", "show", counting.Path).Contains($"0/{id} ", StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void Where_quota_is_off_it_stays_off_and_nobody_counts()
    {
        using var play = new DriverPlayground("btrfs", plain.Path);
        var container = play.Container();
        Assert.Null(play.Driver.Account(container));
        Assert.False(play.Driver.Features.HasFlag(DriverFeatures.Quota));
        var error = Assert.Throws<StoreException>(() => play.Driver.SetQuota(container, new LayerQuota(1 << 20)));
        Assert.Equal(ErrorIds.DriverUnsupported, error.ErrorId);
        Assert.Contains("btrfs quota enable", error.Message, StringComparison.Ordinal);
        foreach (var option in new[] { "btrfs.size", "btrfs.min_space" })
        {
            var options = new DriverOptions { [option] = "1G" };
            Assert.Equal("quota", DriverCatalog.Get("btrfs").Probe(plain.Path, options).Failure?.Name);
            var home = Path.Combine(plain.Path, "other");
            Assert.Equal(ErrorIds.DriverUnsupported, Assert.Throws<StoreException>(() => DriverCatalog.Get("btrfs").Open(home, options)).ErrorId);
            Assert.False(Path.Exists(home));
        }
        Assert.NotEqual(0, Command.TryRun("btrfs", "qgroup", "show", plain.Path).Code);
    }

    [FileSystemFact]
    public void The_default_size_limits_every_container_and_none_may_be_smaller_than_the_minimum()
    {
        using var place = new TestDirectory(counting.Path);
        var driver = DriverCatalog.Get("btrfs").Open(Path.Combine(place.Path, "btrfs"), new DriverOptions { ["btrfs.size"] = "8M", ["btrfs.min_space"] = "1M" });
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, []);
        var file = Path.Combine(place.Path, "btrfs", "subvolumes", container.Value, "file");
        Assert.Throws<IOException>(() => File.WriteAllBytes(file, new byte[20 << 20]));
        driver.SetQuota(container, new LayerQuota(64 << 20));
        File.WriteAllBytes(file, new byte[20 << 20]);
        Assert.Equal(ErrorIds.ArgumentInvalid, Assert.Throws<StoreException>(() => driver.SetQuota(container, new LayerQuota(1000))).ErrorId);
        Assert.Equal(ErrorIds.DriverUnsupported, Assert.Throws<StoreException>(() => driver.SetQuota(container, new LayerQuota(null, MaxInodes: 5))).ErrorId);
        var error = Assert.Throws<StoreException>(
            () => DriverCatalog.Get("btrfs").Open(Path.Combine(place.Path, "more"), new DriverOptions { ["btrfs.size"] = "1M", ["btrfs.min_space"] = "8M" }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, "btrfs.size"), (error.ErrorId, error.Target));
    }
}
