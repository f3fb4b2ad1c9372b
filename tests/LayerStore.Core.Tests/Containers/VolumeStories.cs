using LayerStore.Containers;
using LayerStore.Linux;
using LayerStore.Tests.Support;
using LayerStore.Volumes;

namespace LayerStore.Tests.Containers;

/// <summary>Volumes inside of containers, whatever the driver: what they show, who leads where, and what is left. One after the other in one store, since guests are slow.</summary>
/// <param name="store">The store.</param>
/// <param name="place">A directory above the store that everything stands in.</param>
/// <param name="few">Leaves out those to which the driver does not matter.</param>
internal sealed class VolumeStories(Store store, string place, bool few)
{
    /// <summary>Tells all of them; the first that goes wrong ends it, and the stack says which.</summary>
    public void TellAll()
    {
        ImportImage(store, place);
        Action[] stories =
        [
            What_is_written_into_a_volume_outlives_its_container_and_is_no_part_of_it,
            Containers_share_a_volume_while_all_are_mounted,
            An_empty_volume_gets_what_the_image_has_there_with_its_owners,
            Read_only_is_read_only_and_a_directory_of_the_machine_is_shown_as_it_is,
            Where_one_cannot_be_mounted_nothing_is,
            A_volume_in_use_keeps_everything_mounted,
            Volumes_without_a_name_go_with_the_container_where_that_is_said,
        ];
        Action[] more =
        [
            No_link_of_an_image_leads_a_mount_outside,
            Volumes_stand_in_volumes_and_all_go_in_order,
            A_container_that_moves_the_place_and_links_away_from_it_unmounts_nothing_of_the_machine,
        ];
        foreach (var story in few ? stories : [.. stories, .. more])
        {
            story();
            foreach (var container in store.Containers.List())
                store.Containers.Remove(container.Id, force: true);
            foreach (var volume in store.Volumes.List())
                store.Volumes.Remove(volume.Name);
        }
    }

    /// <summary>The image of all of them, which has files, owners and links at the paths where something is mounted.</summary>
    public static void ImportImage(Store store, string place)
    {
        var archive = Path.Combine(place, "image.tar");
        new ImageBuilder("app:1.0").Layer(layer => layer
            .Directory("data/", mode: 0x1e8, uid: 1000, gid: 1000).File("data/seed", "seeded", uid: 1000)
            .Directory("etc/").File("etc/motd", "hello").Symlink("out", "/etc").Symlink("far", "../../../..").Directory("real/").Symlink("linked", "real/deeper")).WriteDockerArchive(archive);
        Assert.Single(store.Images.Import(archive, new LayerStore.Images.ImportOptions()));
    }

    /// <summary>A container of that image.</summary>
    public static Container Create(Store store, string name, params IReadOnlyList<string> mounts) =>
        store.Containers.Create(new ContainerOptions { Name = name, Image = "app:1.0", Mounts = mounts });

    /// <summary>Dismounts, and sees that nothing is mounted any more and nothing of the mount stays.</summary>
    public static void AssertNothingMounted(Store store, string place, string? container)
    {
        if (container is not null)
            Assert.Equal("Created", store.Containers.Dismount(container).State);
        Assert.Empty(MountTable.Below(place));
        var points = Path.Combine(store.Root, StoreRoot.MountsName);
        Assert.Empty(Directory.Exists(points) ? Directory.GetFileSystemEntries(points) : []);
    }

    private void What_is_written_into_a_volume_outlives_its_container_and_is_no_part_of_it()
    {
        var container = Create("c1", "db:/var/lib/db");
        Assert.Equal("db:/var/lib/db", Assert.Single(container.Mounts).ToString());
        Assert.Equal(["c1"], store.Volumes.Get("db").UsedBy);
        var mount = store.Containers.Mount("c1");
        File.WriteAllText(Path.Combine(mount.Path, "var/lib/db/rows"), "12345");
        File.WriteAllText(Path.Combine(mount.Path, "own"), "x");
        Assert.Equal("12345", File.ReadAllText(Path.Combine(store.Volumes.Get("db").Mountpoint, "rows")));
        Assert.Equal(1, store.Containers.Measure("c1").SizeRw);
        store.Containers.Export("c1", Path.Combine(place, "c1.tar"));
        Assert.Equal(2, store.Containers.Mount("c1").Count);
        store.Containers.Dismount("c1");
        store.Containers.Dismount("c1");
        Assert.Equal(["A /own", "A /var", "A /var/lib", "A /var/lib/db"], store.Containers.Changes("c1").Select(change => $"{ContainerChange.Letter(change.Kind)} {change.Path}"));
        Assert.Equal(1, store.Containers.Measure("c1").SizeRw);
        Assert.Equal(ErrorIds.VolumeInUse, Assert.Throws<StoreException>(() => store.Volumes.Remove("db")).ErrorId);
        store.Containers.Remove("c1", volumes: true);
        Create("c2", "db:/rows:ro");
        Assert.Equal("12345", File.ReadAllText(Path.Combine(store.Containers.Mount("c2").Path, "rows/rows")));
        AssertNothingMounted("c2");
    }

    private void Containers_share_a_volume_while_all_are_mounted()
    {
        Create("c1", "db:/data");
        Create("c2", "db:/else:ro");
        var (first, second) = (store.Containers.Mount("c1").Path, store.Containers.Mount("c2").Path);
        File.WriteAllText(Path.Combine(first, "data/new"), "shared");
        Assert.Equal("shared", File.ReadAllText(Path.Combine(second, "else/new")));
        Assert.Equal(["c1", "c2"], store.Volumes.Get("db").UsedBy);
        store.Containers.Remove("c1", force: true, volumes: true);
        Assert.Equal("shared", File.ReadAllText(Path.Combine(second, "else/new")));
        Assert.Equal(ErrorIds.VolumeInUse, Assert.Throws<StoreException>(() => store.Volumes.Remove("db")).ErrorId);
        AssertNothingMounted("c2");
        store.Containers.Remove("c2");
        store.Volumes.Remove("db");
    }

    private void An_empty_volume_gets_what_the_image_has_there_with_its_owners()
    {
        store.Volumes.Create(new VolumeOptions { Name = "full" });
        File.WriteAllText(Path.Combine(store.Volumes.Get("full").Mountpoint, "mine"), "m");
        Create("c1", "new:/data", "full:/etc", "bare:/real:nocopy");
        Create("c2", "bare2:/data:nocopy", "through:/out");
        var made = store.Volumes.Get("new").Mountpoint;
        Assert.Equal("seeded", File.ReadAllText(Path.Combine(made, "seed")));
        Assert.Contains(" 750 1000 1000 ", Command.Run("stat", "-c", " %a %u %g ", made), StringComparison.Ordinal);
        Assert.Equal(["mine"], Directory.GetFileSystemEntries(store.Volumes.Get("full").Mountpoint).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(store.Volumes.Get("bare2").Mountpoint));
        // By the image's own link, inside of its root.
        Assert.Equal(["motd"], Directory.GetFileSystemEntries(store.Volumes.Get("through").Mountpoint).Select(Path.GetFileName));
        AssertNothingMounted(null);
    }

    private void Read_only_is_read_only_and_a_directory_of_the_machine_is_shown_as_it_is()
    {
        var host = Directory.CreateDirectory(Path.Combine(place, "host")).FullName;
        File.WriteAllText(Path.Combine(host, "file"), "h");
        Create("c1", $"{host}:/mnt/host:ro", "db:/data");
        var mount = store.Containers.Mount("c1");
        Assert.Equal("h", File.ReadAllText(Path.Combine(mount.Path, "mnt/host/file")));
        Assert.Contains("Read-only", Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(mount.Path, "mnt/host/new"), "x")).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(mount.Path, "data/new"), "x");
        store.Containers.Dismount("c1");
        // The container itself read-only: directories to mount on are there all the same, and volumes can be written.
        Create("c2", "db2:/not/there");
        var readOnly = store.Containers.Mount("c2", readOnly: true);
        File.WriteAllText(Path.Combine(readOnly.Path, "not/there/new"), "x");
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(readOnly.Path, "new"), "x"));
        AssertNothingMounted("c2");
    }

    private void No_link_of_an_image_leads_a_mount_outside()
    {
        Create("c1", "one:/out/one", "two:/far/two", "three:/linked/x");
        var mount = store.Containers.Mount("c1");
        var points = MountTable.Below(mount.Path).Select(point => point[mount.Path.Length..]).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["", "/etc/one", "/real/deeper/x", "/two"], points);
        AssertNothingMounted("c1");
    }

    private void Volumes_stand_in_volumes_and_all_go_in_order()
    {
        Create("c1", "inner:/a/b/c", "outer:/a", "middle:/a/b");
        var mount = store.Containers.Mount("c1");
        File.WriteAllText(Path.Combine(mount.Path, "a/b/c/file"), "x");
        Assert.True(File.Exists(Path.Combine(store.Volumes.Get("inner").Mountpoint, "file")));
        Assert.Equal(["b"], Directory.GetFileSystemEntries(store.Volumes.Get("outer").Mountpoint).Select(Path.GetFileName));
        AssertNothingMounted("c1");
    }

    private void Where_one_cannot_be_mounted_nothing_is()
    {
        Create("c1", "one:/one", "two:/etc/motd/two");
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<StoreException>(() => store.Containers.Mount("c1")).ErrorId);
        Assert.Equal("Created", store.Containers.Get("c1").State);
        Assert.Empty(MountTable.Below(place));
        Assert.Equal(ErrorIds.MountPathInvalid, Assert.Throws<StoreException>(() => Create("c2", "three:/etc/motd")).ErrorId);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<StoreException>(() => Create("c2", "four:/x", "/no/such/directory:/y")).ErrorId);
        // What was made for a container that was not made is gone again.
        Assert.Equal(["one", "two"], store.Volumes.List().Select(volume => volume.Name));
        Assert.Equal("c1", Assert.Single(store.Containers.List()).Name);
    }

    private void A_volume_in_use_keeps_everything_mounted()
    {
        Create("c1", "one:/one", "two:/two");
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
        AssertNothingMounted("c1");
        store.Volumes.Remove("one", force: true);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(store.Containers.Mount("c1").Path, "one")));
        AssertNothingMounted("c1");
    }

    private void A_container_that_moves_the_place_and_links_away_from_it_unmounts_nothing_of_the_machine()
    {
        var outside = Directory.CreateDirectory(Path.Combine(place, "outside/deep")).FullName;
        Assert.Equal(0, Libc.Mount("none", outside, "tmpfs", 0, null));
        Create("c1", "one:/place/deep");
        var mount = store.Containers.Mount("c1");
        Directory.Move(Path.Combine(mount.Path, "place"), Path.Combine(mount.Path, "moved"));
        Directory.CreateSymbolicLink(Path.Combine(mount.Path, "place"), Path.GetDirectoryName(outside)!);
        store.Containers.Dismount("c1");
        Assert.Equal([outside], MountTable.Below(place));
        Assert.Equal(0, Libc.Umount2(outside, 0));
        // And the next mount goes where the link leads inside.
        Assert.Contains(MountTable.Below(store.Containers.Mount("c1").Path), point => point.EndsWith("/outside/deep", StringComparison.Ordinal) && point.Contains("/mnt/", StringComparison.Ordinal));
        AssertNothingMounted("c1");
    }

    private void Volumes_without_a_name_go_with_the_container_where_that_is_said()
    {
        var first = Create("c1", "/data", "named:/etc").Mounts[0].VolumeName;
        Assert.True(store.Volumes.Get(first).Anonymous);
        Assert.Equal("seeded", File.ReadAllText(Path.Combine(store.Volumes.Get(first).Mountpoint, "seed")));
        Create("c2", $"{first}:/shared");
        store.Containers.Remove("c1", volumes: true);
        Assert.Equal([first, "named"], store.Volumes.List().Select(volume => volume.Name).OrderBy(name => name.Length == 64 ? 0 : 1));
        store.Containers.Remove("c2");
        var second = Create("c3", "/data").Mounts[0].VolumeName;
        store.Containers.Remove("c3", volumes: true);
        Assert.DoesNotContain(store.Volumes.List(), volume => volume.Name == second);
    }

    private Container Create(string name, params IReadOnlyList<string> mounts) => Create(store, name, mounts);

    private void AssertNothingMounted(string? container) => AssertNothingMounted(store, place, container);
}
