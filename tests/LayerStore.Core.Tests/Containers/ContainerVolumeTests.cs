using LayerStore.Containers;
using LayerStore.Linux;
using LayerStore.Tests.Support;
using LayerStore.Volumes;

namespace LayerStore.Tests.Containers;

/// <summary>Volumes inside of containers, on the drivers that work everywhere: what they show, who leads where, and what is left.</summary>
public sealed class ContainerVolumeTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Drivers => ["overlay2", "vfs"];

    private Store Open(string driver)
    {
        var store = _folder.OpenWith(driver);
        var archive = Path.Combine(_folder.Base, "image.tar");
        if (store.Images.List().Count == 0)
        {
            new ImageBuilder("app:1.0").Layer(layer => layer
                .Directory("data/", mode: 0x1e8, uid: 1000, gid: 1000).File("data/seed", "seeded", uid: 1000)
                .Directory("etc/").File("etc/motd", "hello").Symlink("out", "/etc").Symlink("far", "../../../..").Directory("real/").Symlink("linked", "real/deeper")).WriteDockerArchive(archive);
            Assert.Single(store.Images.Import(archive, new LayerStore.Images.ImportOptions()));
        }
        return store;
    }

    private static Container Create(Store store, string name, params IReadOnlyList<string> mounts) =>
        store.Containers.Create(new ContainerOptions { Name = name, Image = "app:1.0", Mounts = mounts });

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void What_is_written_into_a_volume_outlives_its_container_and_is_no_part_of_it(string driver)
    {
        using var store = Open(driver);
        var container = Create(store, "c1", "db:/var/lib/db");
        Assert.Equal("db:/var/lib/db", Assert.Single(container.Mounts).ToString());
        Assert.Equal(["c1"], store.Volumes.Get("db").UsedBy);
        var mount = store.Containers.Mount("c1");
        File.WriteAllText(Path.Combine(mount.Path, "var/lib/db/rows"), "12345");
        File.WriteAllText(Path.Combine(mount.Path, "own"), "x");
        Assert.Equal("12345", File.ReadAllText(Path.Combine(store.Volumes.Get("db").Mountpoint, "rows")));
        Assert.Equal(1, store.Containers.Measure("c1").SizeRw);
        store.Containers.Export("c1", Path.Combine(_folder.Base, "c1.tar"));
        Assert.Equal(2, store.Containers.Mount("c1").Count);
        store.Containers.Dismount("c1");
        store.Containers.Dismount("c1");
        Assert.Equal(["A /own", "A /var", "A /var/lib", "A /var/lib/db"], store.Containers.Changes("c1").Select(change => $"{ContainerChange.Letter(change.Kind)} {change.Path}"));
        Assert.Equal(1, store.Containers.Measure("c1").SizeRw);
        Assert.Equal(ErrorIds.VolumeInUse, Assert.Throws<StoreException>(() => store.Volumes.Remove("db")).ErrorId);
        store.Containers.Remove("c1", volumes: true);
        Create(store, "c2", "db:/rows:ro");
        Assert.Equal("12345", File.ReadAllText(Path.Combine(store.Containers.Mount("c2").Path, "rows/rows")));
        AssertNothingMounted(store, "c2");
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void An_empty_volume_gets_what_the_image_has_there_with_its_owners(string driver)
    {
        using var store = Open(driver);
        store.Volumes.Create(new VolumeOptions { Name = "full" });
        File.WriteAllText(Path.Combine(store.Volumes.Get("full").Mountpoint, "mine"), "m");
        Create(store, "c1", "new:/data", "full:/etc", "bare:/real:nocopy");
        Create(store, "c2", "bare2:/data:nocopy", "through:/out");
        var made = store.Volumes.Get("new").Mountpoint;
        Assert.Equal("seeded", File.ReadAllText(Path.Combine(made, "seed")));
        Assert.Contains(" 750 1000 1000 ", Command.Run("stat", "-c", " %a %u %g ", made), StringComparison.Ordinal);
        Assert.Equal(["mine"], Directory.GetFileSystemEntries(store.Volumes.Get("full").Mountpoint).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(store.Volumes.Get("bare2").Mountpoint));
        // By the image's own link, inside of its root.
        Assert.Equal(["motd"], Directory.GetFileSystemEntries(store.Volumes.Get("through").Mountpoint).Select(Path.GetFileName));
        AssertNothingMounted(store, null);
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void Read_only_is_read_only_and_a_directory_of_the_machine_is_shown_as_it_is(string driver)
    {
        using var store = Open(driver);
        var host = Directory.CreateDirectory(Path.Combine(_folder.Base, "host")).FullName;
        File.WriteAllText(Path.Combine(host, "file"), "h");
        Create(store, "c1", $"{host}:/mnt/host:ro", "db:/data");
        var mount = store.Containers.Mount("c1");
        Assert.Equal("h", File.ReadAllText(Path.Combine(mount.Path, "mnt/host/file")));
        Assert.Contains("Read-only", Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(mount.Path, "mnt/host/new"), "x")).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(mount.Path, "data/new"), "x");
        store.Containers.Dismount("c1");
        // The container itself read-only: directories to mount on are there all the same, and volumes can be written.
        Create(store, "c2", "db2:/not/there");
        var readOnly = store.Containers.Mount("c2", readOnly: true);
        File.WriteAllText(Path.Combine(readOnly.Path, "not/there/new"), "x");
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(readOnly.Path, "new"), "x"));
        AssertNothingMounted(store, "c2");
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void No_link_of_an_image_leads_a_mount_outside(string driver)
    {
        using var store = Open(driver);
        Create(store, "c1", "one:/out/one", "two:/far/two", "three:/linked/x");
        var mount = store.Containers.Mount("c1");
        var points = MountTable.Below(mount.Path).Select(point => point[mount.Path.Length..]).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["", "/etc/one", "/real/deeper/x", "/two"], points);
        AssertNothingMounted(store, "c1");
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void Volumes_stand_in_volumes_and_all_go_in_order(string driver)
    {
        using var store = Open(driver);
        Create(store, "c1", "inner:/a/b/c", "outer:/a", "middle:/a/b");
        var mount = store.Containers.Mount("c1");
        File.WriteAllText(Path.Combine(mount.Path, "a/b/c/file"), "x");
        Assert.True(File.Exists(Path.Combine(store.Volumes.Get("inner").Mountpoint, "file")));
        Assert.Equal(["b"], Directory.GetFileSystemEntries(store.Volumes.Get("outer").Mountpoint).Select(Path.GetFileName));
        AssertNothingMounted(store, "c1");
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void Where_one_cannot_be_mounted_nothing_is(string driver)
    {
        using var store = Open(driver);
        Create(store, "c1", "one:/one", "two:/etc/motd/two");
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<StoreException>(() => store.Containers.Mount("c1")).ErrorId);
        Assert.Equal("Created", store.Containers.Get("c1").State);
        Assert.Empty(MountTable.Below(_folder.Base));
        Assert.Equal(ErrorIds.MountPathInvalid, Assert.Throws<StoreException>(() => Create(store, "c2", "three:/etc/motd")).ErrorId);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<StoreException>(() => Create(store, "c2", "four:/x", "/no/such/directory:/y")).ErrorId);
        // What was made for a container that was not made is gone again.
        Assert.Equal(["one", "two"], store.Volumes.List().Select(volume => volume.Name));
        Assert.Equal("c1", Assert.Single(store.Containers.List()).Name);
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void A_volume_in_use_keeps_everything_mounted(string driver)
    {
        using var store = Open(driver);
        Create(store, "c1", "one:/one", "two:/two");
        var mount = store.Containers.Mount("c1");
        foreach (var held in new[] { "one/file", "two/file", "file" })
        {
            using (File.Create(Path.Combine(mount.Path, held)))
            {
                Assert.Equal(ErrorIds.MountBusy, Assert.Throws<StoreException>(() => store.Containers.Dismount("c1")).ErrorId);
                Assert.Equal(3, MountTable.Below(mount.Path).Count);
            }
        }
        Assert.Equal(ErrorIds.VolumeInUse, Assert.Throws<StoreException>(() => store.Volumes.Remove("one", force: true)).ErrorId);
        // Wherever the container moved it meanwhile.
        Directory.CreateDirectory(Path.Combine(mount.Path, "three"));
        AssertNothingMounted(store, "c1");
        store.Volumes.Remove("one", force: true);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(store.Containers.Mount("c1").Path, "one")));
        AssertNothingMounted(store, "c1");
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void A_container_that_moves_the_place_and_links_away_from_it_unmounts_nothing_of_the_machine(string driver)
    {
        using var store = Open(driver);
        var outside = Directory.CreateDirectory(Path.Combine(_folder.Base, "outside/deep")).FullName;
        Assert.Equal(0, Libc.Mount("none", outside, "tmpfs", 0, null));
        Create(store, "c1", "one:/place/deep");
        var mount = store.Containers.Mount("c1");
        Directory.Move(Path.Combine(mount.Path, "place"), Path.Combine(mount.Path, "moved"));
        Directory.CreateSymbolicLink(Path.Combine(mount.Path, "place"), Path.GetDirectoryName(outside)!);
        store.Containers.Dismount("c1");
        Assert.Equal([outside], MountTable.Below(_folder.Base));
        Assert.Equal(0, Libc.Umount2(outside, 0));
        // And the next mount goes where the link leads inside.
        Assert.Contains(MountTable.Below(store.Containers.Mount("c1").Path), point => point.EndsWith("/outside/deep", StringComparison.Ordinal) && point.Contains("/mnt/", StringComparison.Ordinal));
        AssertNothingMounted(store, "c1");
    }

    [RootTheory]
    [InlineData("Mount.")]
    [InlineData("MountInto")]
    [InlineData("MountInto.")]
    public void A_process_that_is_killed_while_it_mounts_leaves_what_the_next_mount_takes_away(string step)
    {
        using (var store = Open("overlay2"))
            Create(store, "c1", "one:/one", "two:/two");
        Assert.Equal(137, Child.Run("mount-write", _folder.Root, step, "c1").ExitCode);
        using (var store = Open("overlay2"))
        {
            Assert.Equal("Created", store.Containers.Get("c1").State);
            var mount = store.Containers.Mount("c1");
            Assert.Equal(3, MountTable.Below(mount.Path).Count);
            AssertNothingMounted(store, "c1");
        }
    }

    [RootTheory]
    [MemberData(nameof(Drivers))]
    public void Volumes_without_a_name_go_with_the_container_where_that_is_said(string driver)
    {
        using var store = Open(driver);
        var first = Create(store, "c1", "/data", "named:/etc").Mounts[0].VolumeName;
        Assert.True(store.Volumes.Get(first).Anonymous);
        Assert.Equal("seeded", File.ReadAllText(Path.Combine(store.Volumes.Get(first).Mountpoint, "seed")));
        Create(store, "c2", $"{first}:/shared");
        store.Containers.Remove("c1", volumes: true);
        Assert.Equal([first, "named"], store.Volumes.List().Select(volume => volume.Name).OrderBy(name => name.Length == 64 ? 0 : 1));
        store.Containers.Remove("c2");
        var second = Create(store, "c3", "/data").Mounts[0].VolumeName;
        store.Containers.Remove("c3", volumes: true);
        Assert.DoesNotContain(store.Volumes.List(), volume => volume.Name == second);
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
        Create(store, "c1", "db:/data");
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

    /// <summary>Dismounts, and sees that nothing is mounted any more and nothing of the mount stays.</summary>
    private void AssertNothingMounted(Store store, string? container)
    {
        if (container is not null)
            Assert.Equal("Created", store.Containers.Dismount(container).State);
        Assert.Empty(MountTable.Below(_folder.Base));
        Assert.Empty(Directory.Exists(Path.Combine(_folder.Root, "mnt")) ? Directory.GetFileSystemEntries(Path.Combine(_folder.Root, "mnt")) : []);
    }
}
