using LayerStore.Linux;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;
using LayerStore.Volumes;

namespace LayerStore.Tests.Volumes;

/// <summary>A volume's limit, on a file system with project quota.</summary>
[DriverEnvironment("overlay2", "xfs with project quota", InGuest = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class VolumeLimitTests(XfsQuotaFixture fileSystem) : IClassFixture<XfsQuotaFixture>
{
    private const int Limit = 4 << 20;

    [FileSystemFact]
    public void A_limit_holds_also_for_what_is_imported_and_its_project_is_free_again_afterwards()
    {
        var root = Path.Combine(fileSystem.Path, "volumes-store");
        using (var store = Store.Open(new StoreOptions { Root = root, Driver = "vfs" }))
            TryLimit(store);
        Directory.Delete(root, recursive: true);
    }

    private void TryLimit(Store store)
    {
        var volume = store.Volumes.Create(new VolumeOptions { Name = "db", Size = Limit });
        Assert.Equal(Limit, store.Volumes.Get("db").SizeLimit);
        AssertFull(volume);
        using (var data = DirectoryHandle.Open(volume.Mountpoint))
            Assert.NotEqual(0u, ProjectQuota.InheritedProject(data));
        File.WriteAllBytes(Path.Combine(fileSystem.Path, "small.tar"), new Archives.TarBuilder().File("file", new string('x', Limit / 2)).End());
        // What is replaced and what replaces it have a limit each: a full volume can be restored.
        store.Volumes.Import(Path.Combine(fileSystem.Path, "small.tar"), new VolumeImportOptions { Volume = new VolumeOptions { Name = "db" }, Force = true });
        Assert.Equal(Limit / 2, store.Volumes.Measure("db").Bytes);
        AssertFull(volume);
        store.Volumes.Remove("db");
        Assert.Equal(0, store.Volumes.Create(new VolumeOptions { Name = "db", Size = Limit }) is { } again ? store.Volumes.Measure(again.Name).Bytes : -1);
        store.Volumes.Remove("db");
    }

    private static void AssertFull(ContainerVolume volume)
    {
        var error = Assert.Throws<IOException>(() => File.WriteAllBytes(Path.Combine(volume.Mountpoint, "big"), new byte[2 * Limit]));
        Assert.Contains("space", error.Message, StringComparison.OrdinalIgnoreCase);
        File.Delete(Path.Combine(volume.Mountpoint, "big"));
    }
}
