using LayerStore.Containers;
using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Tests.Layers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>Mounts with the kernel's own bind mounts; the drivers' mounts have tests of their own.</summary>
public sealed class ContainerMountTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly Store _store;
    private readonly Container _container;

    public ContainerMountTests()
    {
        _store = _folder.Open(bind: true);
        _container = _store.Containers.Create(new ContainerOptions { Name = "c1" });
    }

    private string DefaultPath => Path.Combine(_folder.Root, "mnt", _container.Id);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void After_a_boot_the_places_of_containers_that_are_gone_go_where_they_are_empty()
    {
        var (gone, used) = (Path.Combine(_folder.Root, "mnt", new string('a', 64)), Path.Combine(_folder.Root, "mnt", new string('b', 64)));
        foreach (var place in new[] { gone, used, DefaultPath })
            Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(used, "file"), "somebody's");
        _folder.Open().Dispose();
        Assert.True(Directory.Exists(gone));
        _store.Metadata.Database.Write(transaction => SettingRecords.Set(transaction, SettingRecords.BootId, "another boot"), durable: false);
        _folder.Open().Dispose();
        Assert.Equal([DefaultPath, used], Directory.EnumerateDirectories(Path.Combine(_folder.Root, "mnt")).Order(StringComparer.Ordinal).OrderBy(place => place == used));
    }

    [Fact]
    public void A_driver_that_needs_no_mount_gives_its_directory_and_counts()
    {
        using var folder = new StoreFolder();
        using var store = folder.Open();
        var container = store.Containers.Create(new ContainerOptions { Name = "c1" });
        var mount = store.Containers.Mount("c1");
        File.WriteAllText(Path.Combine(mount.Path, "file"), "x");
        Assert.Equal(1, store.Containers.Measure("c1").SizeRw);
        Assert.Equal(("Mounted", mount.Path, 1), (store.Containers.Get("c1").State, store.Containers.Get("c1").MountPath!, store.Containers.Get("c1").MountCount));
        Assert.Equal(2, store.Containers.Mount("c1").Count);
        Assert.Equal("Mounted", store.Containers.Dismount("c1").State);
        Assert.Equal("Created", store.Containers.Dismount("c1").State);
        Assert.True(Directory.Exists(mount.Path));
        Assert.Equal(ErrorIds.ContainerNotMounted, Assert.Throws<StoreException>(() => store.Containers.Dismount("c1")).ErrorId);
        Assert.Equal(container.LayerId, Path.GetFileName(Path.GetDirectoryName(mount.Path)));
    }

    [RootFact]
    public void Mounting_makes_the_mount_point_and_dismounting_takes_it_away()
    {
        var mount = _store.Containers.Mount("c1");
        Assert.Equal((_container.Id, "c1", DefaultPath, false, 1, "plain", _folder.Root),
            (mount.Id, mount.Name, mount.Path, mount.ReadOnly, mount.Count, mount.Driver, mount.Root));
        Assert.True(MountTable.Contains(DefaultPath));
        Assert.Equal(mount, Assert.Single(_store.Containers.Mounts()));
        Assert.Equal(1, _store.GetInfo().Mounted);
        File.WriteAllText(Path.Combine(mount.Path, "file"), "x");
        Assert.Equal("Created", _store.Containers.Dismount("c1").State);
        Assert.False(Directory.Exists(DefaultPath));
        Assert.Empty(_store.Containers.Mounts());
        Assert.Equal("x", File.ReadAllText(Path.Combine(_store.Containers.Mount("c1").Path, "file")));
    }

    [RootFact]
    public void A_read_only_mount_refuses_writing()
    {
        var mount = _store.Containers.Mount("c1", readOnly: true);
        Assert.True(mount.ReadOnly);
        var error = Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(mount.Path, "file"), "x"));
        Assert.Contains("Read-only", error.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void As_many_dismounts_as_mounts_undo_it_also_from_another_process()
    {
        _store.Containers.Mount("c1", readOnly: true);
        Assert.Equal(0, Child.Run("mount", _folder.Root, "-", "c1", "2").ExitCode);
        Assert.Equal(3, _store.Containers.Get("c1").MountCount);
        Assert.Equal(0, Child.Run("dismount", _folder.Root, "-", "c1").ExitCode);
        _store.Containers.Dismount("c1");
        Assert.True(MountTable.Contains(DefaultPath));
        _store.Containers.Dismount("c1");
        Assert.False(MountTable.Contains(DefaultPath));
    }

    [RootFact]
    public void Dismounting_all_undoes_every_mount()
    {
        _store.Containers.Mount("c1");
        _store.Containers.Mount("c1");
        Assert.Equal("Created", _store.Containers.Dismount("c1", all: true).State);
        Assert.False(MountTable.Contains(DefaultPath));
    }

    [RootFact]
    public void Another_mode_or_another_place_than_that_of_the_mount_is_refused()
    {
        _store.Containers.Mount("c1");
        Assert.Equal(ErrorIds.ContainerMounted, Assert.Throws<StoreException>(() => _store.Containers.Mount("c1", readOnly: true)).ErrorId);
        Assert.Equal(ErrorIds.ContainerMounted, Assert.Throws<StoreException>(() => _store.Containers.Mount("c1", Path.Combine(_folder.Base, "x"))).ErrorId);
        Assert.Equal(1, _store.Containers.Get("c1").MountCount);
        Assert.Equal(2, _store.Containers.Mount("c1", DefaultPath).Count);
    }

    [RootFact]
    public void A_path_of_the_users_is_made_where_it_is_missing_and_kept_where_it_was_there()
    {
        var missing = Path.Combine(_folder.Base, "a", "b");
        Assert.Equal(missing, _store.Containers.Mount("c1", missing + "/").Path);
        _store.Containers.Dismount("c1");
        Assert.False(Directory.Exists(missing));
        var existing = Path.Combine(_folder.Base, "existing");
        Directory.CreateDirectory(existing);
        _store.Containers.Mount("c1", existing);
        _store.Containers.Dismount("c1");
        Assert.True(Directory.Exists(existing));
    }

    [Fact]
    public void A_path_that_cannot_be_a_mount_point_is_refused()
    {
        var full = Path.Combine(_folder.Base, "full");
        Directory.CreateDirectory(full);
        File.WriteAllText(Path.Combine(full, "file"), "x");
        foreach (var path in new[] { full, Path.Combine(full, "file"), Path.Combine(full, "file", "below"), "relative", "" })
        {
            Assert.Equal(ErrorIds.MountPathInvalid, Assert.Throws<StoreException>(() => _store.Containers.Mount("c1", path)).ErrorId);
            Assert.Equal("Created", _store.Containers.Get("c1").State);
        }
    }

    [RootFact]
    public void What_was_unmounted_behind_our_back_counts_as_not_mounted()
    {
        _store.Containers.Mount("c1");
        _store.Containers.Mount("c1");
        Assert.Equal(0, Libc.Umount2(DefaultPath, 0));
        Assert.Equal(("Created", 0), (_store.Containers.Get("c1").State, _store.Containers.Get("c1").MountCount));
        Assert.Empty(_store.Containers.Mounts());
        Assert.Equal(ErrorIds.ContainerNotMounted, Assert.Throws<StoreException>(() => _store.Containers.Dismount("c1")).ErrorId);
        Assert.Equal(1, _store.Containers.Mount("c1").Count);
        Assert.True(MountTable.Contains(DefaultPath));
    }

    [Fact]
    public void After_a_reboot_nothing_is_mounted()
    {
        _store.Metadata.Database.Write(transaction => ContainerRecords.SetMount(
            transaction, _container.Id, new MountRecord("/somewhere", MountKind.Directory, ReadOnly: false, OwnDirectory: false, Count: 3, "another boot")), durable: false);
        Assert.Equal("Created", _store.Containers.Get("c1").State);
        Assert.Empty(_store.Containers.Mounts());
        _store.Containers.Remove("c1");
    }

    [RootFact]
    public void A_mount_of_the_kernel_that_no_row_knows_is_cleared()
    {
        _store.Containers.Mount("c1");
        _store.Metadata.Database.Write(transaction => ContainerRecords.DeleteMount(transaction, _container.Id), durable: false);
        Assert.Equal(1, _store.Containers.Mount("c1").Count);
        _store.Containers.Dismount("c1");
        Assert.False(MountTable.Contains(DefaultPath));

        _store.Containers.Mount("c1");
        _store.Metadata.Database.Write(transaction => ContainerRecords.DeleteMount(transaction, _container.Id), durable: false);
        _store.Containers.Dismount("c1");
        Assert.False(MountTable.Contains(DefaultPath));

        _store.Containers.Mount("c1");
        _store.Metadata.Database.Write(transaction => ContainerRecords.DeleteMount(transaction, _container.Id), durable: false);
        _store.Containers.Remove("c1");
        Assert.False(MountTable.Contains(DefaultPath));
        Assert.Empty(_folder.LayersOnDisk());
    }

    [RootFact]
    public void A_mount_in_use_is_not_undone_and_says_by_whom()
    {
        var mount = _store.Containers.Mount("c1");
        using (File.Create(Path.Combine(mount.Path, "open")))
        {
            var error = Assert.Throws<StoreException>(() => _store.Containers.Dismount("c1"));
            Assert.Equal(ErrorIds.MountBusy, error.ErrorId);
            Assert.Contains($"({Environment.ProcessId})", error.Message, StringComparison.Ordinal);
            Assert.Equal("Mounted", _store.Containers.Get("c1").State);
            Assert.Equal(ErrorIds.MountBusy, Assert.Throws<StoreException>(() => _store.Containers.Remove("c1", force: true)).ErrorId);
            Assert.Single(_folder.LayersOnDisk());
        }
        _store.Containers.Dismount("c1");
    }

    [RootFact]
    public void What_is_mounted_is_removed_only_by_force()
    {
        _store.Containers.Mount("c1");
        _store.Containers.Mount("c1");
        var error = Assert.Throws<StoreException>(() => _store.Containers.Remove("c1"));
        Assert.Equal(ErrorIds.ContainerMounted, error.ErrorId);
        Assert.Contains(DefaultPath, error.Message, StringComparison.Ordinal);
        _store.Containers.Remove("c1", force: true);
        Assert.False(MountTable.Contains(DefaultPath));
        Assert.False(Directory.Exists(DefaultPath));
        Assert.Empty(_folder.LayersOnDisk());
        LayerIngestTests.AssertSettled(_store);
    }

    [RootTheory]
    [InlineData("Mount", "Created")]
    [InlineData("Mount.", "Mounted")]
    public void A_mount_that_is_killed_needs_no_mending(string step, string state)
    {
        Assert.Equal(137, Child.Run("mount", _folder.Root, step, "c1", "1").ExitCode);
        Assert.Equal(state, _store.Containers.Get("c1").State);
        var mount = _store.Containers.Mount("c1", readOnly: true);
        Assert.Equal(state == "Mounted" ? 2 : 1, mount.Count);
        _store.Containers.Dismount("c1", all: true);
        Assert.False(Directory.Exists(DefaultPath));
    }

    [RootTheory]
    [InlineData("Unmount", "Mounted")]
    [InlineData("Unmount.", "Created")]
    public void A_dismount_that_is_killed_needs_no_mending(string step, string state)
    {
        _store.Containers.Mount("c1", readOnly: true);
        Assert.Equal(137, Child.Run("dismount", _folder.Root, step, "c1").ExitCode);
        Assert.Equal(state, _store.Containers.Get("c1").State);
        Assert.Equal(state == "Mounted" ? 2 : 1, _store.Containers.Mount("c1", readOnly: true).Count);
    }

    [RootFact]
    public async Task Threads_that_mount_and_dismount_one_container_leave_it_as_it_was()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                _store.Containers.Mount("c1");
                _store.Containers.Dismount("c1");
            }
        })));
        Assert.Equal("Created", _store.Containers.Get("c1").State);
        Assert.False(MountTable.Contains(DefaultPath));
    }
}
