using System.Globalization;
using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Drivers.DeviceMapper;
using LayerStore.Images;
using LayerStore.Linux;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What only devicemapper has: a pool that fills up, devices that outlive processes, interruptions between the pool and its records.</summary>
[DriverEnvironment("devicemapper", "loop-lvm with ext4", InGuest = true), OnFileSystem(FileSystemKind.Ext4)]
public sealed class DeviceMapperTests(LoopExt4Fixture fileSystem) : IClassFixture<LoopExt4Fixture>, IDisposable
{
    private static readonly StoreException s_mountFailed = new(ErrorIds.MountFailed, StoreErrorKind.NotSupported, "/dev/mapper/device", "Could not mount it.", "See the kernel's log.");

    private readonly LayerStore.Linux.DeviceMapper _mapper = new();
    private DriverPlayground? _play;

    public void Dispose()
    {
        if (_play is null)
            return;
        _play.Dispose();
        fileSystem.Clean(_play.Home);
    }

    [FileSystemFact]
    public void The_status_has_Docker_s_lines_and_the_warnings_say_that_files_are_for_tests()
    {
        var play = Open();
        Assert.Equal(
            [
                "Pool Name", "Pool Blocksize", "Base Device Size", "Backing Filesystem", "Udev Sync Supported", "Data file", "Metadata file", "Data loop file", "Metadata loop file", "Data Space Used",
                "Data Space Total", "Data Space Available", "Metadata Space Used", "Metadata Space Total", "Metadata Space Available", "Thin Pool Minimum Free Space", "Deferred Removal Enabled",
                "Deferred Deletion Enabled", "Deferred Deleted Device Count", "Library Version",
            ],
            play.Driver.Status().Select(line => line.Name));
        Assert.Contains("loop-lvm", Assert.Single(play.Driver.Warnings()), StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void What_was_shut_down_comes_back_when_it_is_opened()
    {
        var play = Open();
        var image = play.Image([], layer => layer.File("file", "image"));
        var (container, mount) = play.Run(image);
        using (mount)
            mount.Write("own", "container");
        play.Driver.Shutdown();
        play.Driver.Shutdown();
        Assert.DoesNotContain(_mapper.Names(), name => name.StartsWith("layerstore-", StringComparison.Ordinal));
        Assert.Null(LoopDevice.Find(Path.Combine(play.Home, "pool", "data")));
        play.Open();
        using var again = play.Mount(container, [image]);
        Assert.Equal("imagecontainer", again.Read("file") + again.Read("own"));
    }

    [FileSystemFact]
    public void Nothing_is_shut_down_below_a_mount()
    {
        var play = Open();
        var (_, mount) = play.Run();
        using (mount)
        {
            Assert.Equal(ErrorIds.MountBusy, Assert.Throws<StoreException>(play.Driver.Shutdown).ErrorId);
            mount.Write("still", "there");
            Assert.Equal("there", mount.Read("still"));
        }
    }

    [FileSystemFact]
    public void A_device_is_active_as_long_as_it_is_used_and_no_longer()
    {
        var play = Open();
        var image = play.Image([], layer => layer.File("file", "image"));
        Assert.DoesNotContain(_mapper.Names(), name => name.Contains(image.Value, StringComparison.Ordinal));
        var (container, mount) = play.Run(image);
        var name = Assert.Single(_mapper.Names(), name => name.Contains(container.Value, StringComparison.Ordinal));
        Assert.Equal(0, play.Driver.Measure(container, [image]).Bytes);
        Assert.NotNull(_mapper.Find(name));
        using (File.OpenRead(mount.At("file")))
        {
            // Unmounted while a file is open, as after umount -l: the device goes with its last user.
            Command.Run("umount", "-l", mount.Root);
            play.Driver.Detach(container);
            Assert.True(_mapper.Find(name)?.RemovalPending);
            play.Driver.Attach(container);
            Assert.False(_mapper.Find(name)?.RemovalPending);
            play.Driver.Detach(container);
        }
        for (var i = 0; i < 1000 && _mapper.Find(name) is not null; i++)
            Thread.Sleep(5);
        Assert.Null(_mapper.Find(name));
        Assert.False(Path.Exists(DeviceNode.PathOf(name)));
    }

    [FileSystemFact]
    public void A_device_that_somebody_destroyed_is_a_clear_error_and_the_others_go_on()
    {
        var play = Open();
        var image = play.Image([], layer => layer.File("file", "image"));
        var (victim, mount) = play.Run(image);
        mount.Dispose();
        var other = play.Container(image);
        Delete(victim);
        foreach (var ask in new Action[] { () => play.Driver.Attach(victim), () => play.Driver.Measure(victim, [image]) })
        {
            var error = Assert.Throws<StoreException>(ask);
            Assert.Equal(ErrorIds.LayerNotFound, error.ErrorId);
            Assert.Contains(victim.Value, error.Message, StringComparison.Ordinal);
        }
        Assert.Null(play.Driver.Account(victim));
        using (var again = play.Mount(other, [image]))
            Assert.Equal("image", again.Read("file"));
        play.Driver.Remove(victim);
        Assert.DoesNotContain(play.Driver.Enumerate(), layer => layer.Id == victim);

        var gone = play.Image([], layer => layer.File("file", "another image"));
        Delete(gone);
        var refused = Assert.Throws<StoreException>(() => play.Container(gone));
        Assert.Equal(ErrorIds.LayerNotFound, refused.ErrorId);
        Assert.Contains(gone.Value, refused.Message, StringComparison.Ordinal);
        play.Driver.Remove(gone);
        _ = play.Container(image);

        void Delete(LayerId layer)
        {
            var number = DeviceRecord.Read(Path.Combine(play.Home, "layers", layer.Value))!.Device;
            Assert.Equal(0, _mapper.Message(PoolName(play), string.Create(CultureInfo.InvariantCulture, $"delete {number}")));
        }
    }

    [FileSystemFact]
    public void A_pool_that_fills_up_is_warned_of_and_refused_before_it_is_full_and_serves_again_when_there_is_room()
    {
        var play = Open(options =>
        {
            options["dm.loopdatasize"] = "192M";
            options["dm.min_free_space"] = "40%";
        });
        var (container, mount) = play.Run();
        using (mount)
        {
            using (var file = new FileStream(mount.At("big"), FileMode.Create, FileAccess.Write, FileShare.None, 0))
            {
                for (var i = 0; i < 70; i++)
                    file.Write(new byte[1 << 20].Select((_, at) => (byte)(at * 31 + i)).ToArray());
                file.Flush(flushToDisk: true);
            }
            Assert.Contains(play.Driver.Warnings(), warning => warning.Contains("fills up", StringComparison.Ordinal));
            Assert.Same(s_mountFailed, play.Driver.ExplainMountFailure(s_mountFailed));
            mount.Write("more", new string('x', 50 << 20));
        }
        var error = Assert.Throws<StoreException>(() => play.Container());
        Assert.Equal((ErrorIds.DevicePoolFull, StoreErrorKind.NoSpace), (error.ErrorId, error.Kind));
        Assert.Contains("40%", error.Message, StringComparison.Ordinal);
        using (var again = play.Mount(container, []))
            Assert.Equal(70L << 20, new FileInfo(again.At("big")).Length);
        play.Driver.Remove(container);
        Assert.Empty(play.Driver.Enumerate());
        play.Container();

        // What was removed is given back to the file below, too.
        using var pool = DirectoryHandle.Open(Path.Combine(play.Home, "pool"));
        Assert.True(new TreeDirectory(pool).TryStat("data"u8, out var data));
        Assert.InRange((long)data.Blocks * 512, 1, 60 << 20);
    }

    [FileSystemFact]
    public void A_mount_that_fails_in_a_full_pool_is_told_as_that()
    {
        var play = Open(options => options["dm.loopdatasize"] = "128M");
        var (_, mount) = play.Run();
        using (mount)
        {
            Assert.ThrowsAny<IOException>(() =>
            {
                using var file = new FileStream(mount.At("big"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
                for (var i = 0; i < 200; i++)
                    file.Write(new byte[1 << 20].Select((_, at) => (byte)(at * 31 + i)).ToArray());
                file.Flush(flushToDisk: true);
            });
            var error = play.Driver.ExplainMountFailure(s_mountFailed);
            Assert.Equal((ErrorIds.DevicePoolFull, s_mountFailed), (error.ErrorId, error.InnerException));
        }
    }

    [FileSystemFact]
    public void A_layer_that_does_not_fit_into_the_pool_fails_and_is_not_kept()
    {
        var play = Open(options =>
        {
            options["dm.loopdatasize"] = "64M";
            options["dm.min_free_space"] = "1%";
        });
        var id = LayerId.New();
        play.Driver.Prepare(id, LayerPurpose.Image, []);
        var target = play.Driver.OpenForApply(id);
        using (target.Directory)
            File.WriteAllBytes(Path.Combine(target.DisplayPath, "big"), [.. Enumerable.Range(0, 80 << 20).Select(at => (byte)(at * 31))]);
        var error = Assert.Throws<StoreException>(() => play.Driver.CompleteApply(id, [], new LayerStore.Archives.ExtractedLayer { DiffId = default, ArchiveBytes = 0, Usage = default }));
        Assert.Equal(ErrorIds.DevicePoolFull, error.ErrorId);
        play.Driver.Remove(id);
        Assert.Empty(play.Driver.Enumerate());
        using var mount = play.Run().Mount;
        mount.Write("file", "again");
    }

    [FileSystemFact]
    public void A_pool_that_the_kernel_does_not_write_is_a_clear_error_and_can_still_be_read()
    {
        var play = Open();
        var (container, mount) = play.Run();
        using (mount)
            mount.Write("file", "x");
        var pool = PoolName(play);
        var table = _mapper.Table(pool)!;
        var words = table.Split(' ');
        words[4] = "3";
        _mapper.Reload(pool, new MapperTable(BlockDevice.SizeOf(DeviceNode.PathOf(pool)) / 512, "thin-pool", string.Join(' ', words) + " read_only"), readOnly: false);
        var error = Assert.Throws<StoreException>(() => play.Container());
        Assert.Equal(ErrorIds.DevicePoolFailed, error.ErrorId);
        Assert.Contains("thin_check", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains(play.Driver.Warnings(), warning => warning.Contains("'ro'", StringComparison.Ordinal));
        Assert.NotEmpty(play.Driver.Status());
        _mapper.Reload(pool, new MapperTable(BlockDevice.SizeOf(DeviceNode.PathOf(pool)) / 512, "thin-pool", table), readOnly: false);
        play.Driver.Remove(container);
        play.Container();
    }

    [FileSystemFact]
    public void Files_that_are_to_be_longer_are_made_longer_and_never_shorter()
    {
        var play = Open(options => options["dm.loopdatasize"] = "200M");
        Assert.Equal(200L << 20, Value(play.Driver, "Data Space Total"));
        play.Driver.Shutdown();
        var options = fileSystem.NewOptions();
        options["dm.loopdatasize"] = "300M";
        var driver = DriverCatalog.Get("devicemapper").Open(play.Home, options);
        Assert.Equal(300L << 20, Value(driver, "Data Space Total"));
        driver.Shutdown();
        options["dm.loopdatasize"] = "100M";
        Assert.Equal(300L << 20, Value(DriverCatalog.Get("devicemapper").Open(play.Home, options), "Data Space Total"));
    }

    [FileSystemFact]
    public void A_container_that_is_being_made_larger_when_its_process_dies_is_larger_when_it_is_attached()
    {
        var play = Open();
        var container = play.Container();
        var directory = Path.Combine(play.Home, "layers", container.Value);
        var record = DeviceRecord.Read(directory)!;
        (record with { Size = record.Size + (100 << 20), Growing = true }).Write(directory);
        using (var mount = play.Mount(container, []))
            Assert.InRange(FreeSpace.Of(mount.Root).Total, record.Size, record.Size + (100 << 20));
        Assert.False(DeviceRecord.Read(directory)!.Growing);
        Assert.Equal(ErrorIds.ArgumentInvalid, Assert.Throws<StoreException>(() => play.Driver.SetQuota(container, new LayerQuota(record.Size))).ErrorId);
    }

    [FileSystemFact]
    public void A_program_that_is_missing_is_named_with_its_package_and_nothing_is_left()
    {
        using var place = new TestDirectory(fileSystem.Path);
        var path = Path.GetFullPath(ExternalProgram.Find("mkfs.ext4")!);
        File.Move(path, path + ".away");
        try
        {
            var home = Path.Combine(place.Path, "devicemapper");
            var error = Assert.Throws<StoreException>(() => DriverCatalog.Get("devicemapper").Open(home, fileSystem.NewOptions()));
            Assert.Equal(ErrorIds.ProgramMissing, error.ErrorId);
            Assert.Contains("e2fsprogs", error.RecommendedAction, StringComparison.Ordinal);
            Assert.Equal("mkfs.ext4", DriverCatalog.Get("devicemapper").Probe(place.Path, fileSystem.NewOptions()).Failure?.Name);
            fileSystem.Clean(home);
        }
        finally
        {
            File.Move(path + ".away", path);
        }
        Assert.True(DriverCatalog.Get("devicemapper").Probe(place.Path, fileSystem.NewOptions()).Supported);
    }

    [FileSystemFact] // more than Docker's 125 layers
    public void A_chain_of_300_layers_shows_every_file()
    {
        var play = Open();
        var chain = new List<LayerId>();
        for (var i = 0; i < 300; i++)
        {
            var number = i;
            chain.Insert(0, play.Image([.. chain], layer => layer.File($"file{number}", $"{number}").File("top", $"{number}")));
        }
        using var mount = play.Run([.. chain]).Mount;
        Assert.Equal("299", mount.Read("top"));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), Enumerable.Range(0, 300).Select(i => mount.Read($"file{i}")));
    }

    [FileSystemFact]
    public void Allocated_bytes_are_the_blocks_that_nobody_else_has()
    {
        var play = Open();
        var image = play.Image([], layer => layer.File("rewritten", new string('x', 8 << 20)).File("kept", new string('y', 8 << 20)));
        var (first, mount) = play.Run(image);
        using (mount)
        {
            using (var file = File.OpenWrite(mount.At("rewritten")))
                file.Write(new byte[4 << 20]);
            mount.Write("new", new string('z', 2 << 20));
        }
        var (second, untouched) = (play.Container(image), play.Container(image));
        using (play.Mount(second, [image]))
        {
        }
        play.Driver.Sync();
        var gone = LayerId.New();
        var accounts = play.Driver.Accounts([first, second, untouched, gone]);
        var allocated = new[] { first, second, untouched, gone }.Select(id => accounts.TryGetValue(id, out var account) ? account.AllocatedBytes : null).ToList();
        Assert.InRange(allocated[0] ?? 0, 6 << 20, 8 << 20);
        Assert.InRange(allocated[1] ?? 0, 1, 1 << 20);
        Assert.Equal([0L, null], allocated.Skip(2));
        Assert.Equal(allocated[0], play.Driver.Account(first)?.AllocatedBytes);

        // The tools of the pool's authors count the same.
        if (!Command.Exists("thin_ls"))
            return;
        var pool = PoolName(play);
        Assert.Equal(0, _mapper.Message(pool, "reserve_metadata_snap"));
        var lines = Command.Run("thin_ls", "--metadata-snap", "--no-headers", "-o", "DEV,EXCLUSIVE_BYTES", LoopDevice.Find(Path.Combine(play.Home, "pool", "metadata"))!).Split('\n');
        Assert.Equal(0, _mapper.Message(pool, "release_metadata_snap"));
        foreach (var (id, bytes) in new[] { first, second, untouched }.Zip(allocated))
        {
            var number = DeviceRecord.Read(Path.Combine(play.Home, "layers", id.Value))!.Device;
            var words = lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Single(words => words.Length == 2 && words[0] == number.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(words[1], bytes?.ToString(CultureInfo.InvariantCulture));
        }
    }

    [FileSystemFact]
    public void A_store_on_devicemapper_tells_Docker_s_sizes_and_gives_its_image_back_byte_for_byte()
    {
        using var place = new TestDirectory(fileSystem.Path);
        using (var store = Store.Open(new StoreOptions { Root = place["root"], Driver = "devicemapper", DriverOptions = fileSystem.NewOptions() }))
        {
            try
            {
                var image = Assert.Single(store.Images.Import(TestFiles.SmallImage, new ImportOptions()));
                Tell(store, image.Id);
                store.Images.Export([image.Id], place["out.tar"], new ExportOptions());
                Assert.Equal(LayerOf(TestFiles.SmallImage), LayerOf(place["out.tar"]));
                store.Images.Remove(image.Id, force: true);
                Assert.Empty(store.Driver.Enumerate());
            }
            finally
            {
                store.Driver.Shutdown();
            }
        }
        fileSystem.Clean(place["root/devicemapper"]);

        string LayerOf(string archive)
        {
            var scratch = place.Make(Guid.NewGuid().ToString("N"));
            Command.Run("tar", "-xf", archive, "-C", scratch);
            return Command.Run("sha256sum", Directory.EnumerateFiles(scratch, "layer.tar", SearchOption.AllDirectories).Single()).Split(' ')[0];
        }
    }

    private static void Tell(Store store, string image)
    {
        // Scripts and sizes of dockerd 20.10.24.
        (string Name, string Script, long Bytes)[] golden =
        [
            ("c-untouched", "true", 0),
            ("c-1m", "dd if=/dev/zero of=/root/f bs=1024 count=1024", 1048576),
            ("c-hardlink", "dd if=/dev/zero of=/root/f bs=1000 count=1000; ln /root/f /root/g; ln /root/f /root/h", 1000000),
            ("c-deleted", "rm /etc/passwd; rm -r /home", 0),
            ("c-chmod", "chmod 600 /etc/passwd; touch /etc/group", 81),
            ("c-rename", "mv /etc/passwd /etc/passwd2; rm -rf /home; mkdir /home; echo x > /home/x", 73),
        ];
        store.Containers.Create(new ContainerOptions { Image = image, Name = "c-created" });
        foreach (var (name, script, _) in golden)
        {
            store.Containers.Create(new ContainerOptions { Image = image, Name = name, Size = 200 << 20 });
            var mount = store.Containers.Mount(name);
            Command.Run("mknod", mount.Path + "/dev/zero", "c", "1", "5");
            Command.Run("chroot", mount.Path, "/bin/sh", "-c", script);
            Assert.InRange(FreeSpace.Of(mount.Path).Total, 161 << 20, 200 << 20);
            store.Containers.Dismount(name);
        }
        Assert.Equal(
            golden.Select(row => (row.Name, row.Bytes)).Append(("c-created", 0L)).Order(),
            store.Containers.Measure(store.Containers.List()).Select(size => (size.Name, size.SizeRw)).Order());
        Assert.Equal(0, store.Containers.MeasureAllocated([store.Containers.Get("c-created")])[0].AllocatedBytes);
        Assert.Contains(store.GetInfo().Warnings, warning => warning.Contains("loop-lvm", StringComparison.Ordinal));
        foreach (var container in store.Containers.List())
            store.Containers.Remove(container.Id);
    }

    private DriverPlayground Open(Action<DriverOptions>? change = null)
    {
        var options = fileSystem.NewOptions();
        change?.Invoke(options);
        return _play = new DriverPlayground("devicemapper", fileSystem.Path, options);
    }

    private static string PoolName(DriverPlayground play) => (string)play.Driver.Status().Single(line => line.Name == "Pool Name").Value;

    private static long Value(IStorageDriver driver, string name) => (long)driver.Status().Single(line => line.Name == name).Value;
}
