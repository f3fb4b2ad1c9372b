using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public sealed class DriverCatalogTests
{
    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void A_container_shows_its_parent_and_keeps_its_own_changes(string name)
    {
        using var place = new TestDirectory("/dev/shm");
        var factory = DriverCatalog.Get(name);
        var report = factory.Probe(place.Path);
        Assert.True(report.Supported, string.Join("\n", report.Checks));
        Assert.Empty(Directory.EnumerateFileSystemEntries(place.Path));

        var driver = factory.Open(Path.Combine(place.Path, name), []);
        var image = LayerId.New();
        driver.Prepare(image, LayerPurpose.Image, []);
        var target = driver.OpenForApply(image);
        using (target.Directory)
            File.WriteAllText(Path.Combine(target.DisplayPath, "file"), "image");
        driver.CompleteApply(image, [], new() { DiffId = default, ArchiveBytes = 0, Usage = default });
        driver.WriteIdentity(image, "{}"u8);
        driver.Commit(image);
        driver.Sync();
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, [image]);
        driver.SyncLayer(container);
        var mounts = new Mounts();
        var merged = place.Make("merged");
        var plan = driver.PlanMount(container, [image], MountMode.ReadWrite);
        mounts.Mount(plan, merged);
        var root = plan is MountPlan.Directory directory ? directory.Path : merged;
        Assert.Equal("image", File.ReadAllText(Path.Combine(root, "file")));
        File.WriteAllText(Path.Combine(root, "file"), "container");
        Assert.Equal(9, driver.Measure(container, [image]).Bytes);
        Assert.Equal(["Modified /file"], driver.Changes(container, [image]).Select(change => $"{change.Kind} {change.Path}"));
        mounts.Unmount(merged);
        driver.Remove(container);
        driver.Remove(container);
        Assert.Equal([image], driver.Enumerate().Select(layer => layer.Id));
    }
}
