using LayerStore.Containers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>Volumes inside of containers, as far as the driver does not matter; what does is told by <see cref="VolumeStories"/> on every driver.</summary>
public sealed class ContainerVolumeTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Store Open(string driver)
    {
        var store = _folder.OpenWith(driver);
        if (store.Images.List().Count == 0)
            VolumeStories.ImportImage(store, _folder.Base);
        return store;
    }

    [RootTheory]
    [InlineData("Mount.")]
    [InlineData("MountInto")]
    [InlineData("MountInto.")]
    public void A_process_that_is_killed_while_it_mounts_leaves_what_the_next_mount_takes_away(string step)
    {
        using (var store = Open("overlay2"))
            VolumeStories.Create(store, "c1", "one:/one", "two:/two");
        Assert.Equal(137, Child.Run("mount-write", _folder.Root, step, "c1").ExitCode);
        using (var store = Open("overlay2"))
        {
            Assert.Equal("Created", store.Containers.Get("c1").State);
            var mount = store.Containers.Mount("c1");
            Assert.Equal(3, MountTable.Below(mount.Path).Count);
            VolumeStories.AssertNothingMounted(store, _folder.Base, "c1");
        }
    }

    [RootFact]
    public void An_ordinary_user_is_told_that_mounting_inside_is_not_his()
    {
        File.SetUnixFileMode(_folder.Base, (UnixFileMode)0x3FF); // 1777
        Assert.Equal($"4\n{ErrorIds.PermissionDenied}\nfine\nfine\n", Child.RunAsNobody("volume-life", _folder.Root));
    }

    [RootFact]
    public void A_file_in_a_volume_is_not_copied_behind_its_back()
    {
        using var store = Open("vfs");
        VolumeStories.Create(store, "c1", "db:/data");
        var error = Assert.Throws<StoreException>(() => store.Containers.CopyTo("c1", "/etc/hosts", "/data/hosts"));
        Assert.Equal(ErrorIds.CopyTargetInvalid, error.ErrorId);
        Assert.Contains("/volumes/db/_data/hosts", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("v:data")]
    [InlineData("v:/")]
    [InlineData("v:/a/..")]
    [InlineData("/data:ro")]
    [InlineData("v:/a:rx")]
    [InlineData("v:/a:ro,rw")]
    [InlineData("/etc:/a:nocopy")]
    [InlineData("v:/a:ro:x")]
    [InlineData("")]
    public void What_cannot_be_mounted_says_so_and_makes_nothing(string mount)
    {
        using var store = _folder.OpenWith("vfs");
        var error = Assert.Throws<StoreException>(() => store.Containers.Create(new ContainerOptions { Mounts = [mount] }));
        Assert.Equal(ErrorIds.ArgumentInvalid, error.ErrorId);
        Assert.Equal(ErrorIds.VolumeNameInvalid, Assert.Throws<StoreException>(() => store.Containers.Create(new ContainerOptions { Mounts = ["..:/a"] })).ErrorId);
        Assert.Equal(ErrorIds.ArgumentInvalid, Assert.Throws<StoreException>(() => store.Containers.Create(new ContainerOptions { Mounts = ["vv:/a", "ww:/b/../a/"] })).ErrorId);
        Assert.Empty(store.Volumes.List());
        Assert.Empty(store.Containers.List());
    }
}
