using System.Globalization;
using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What overlay2 does with project quota, beside the conformance suite.</summary>
public abstract class ProjectQuotaTests : IDisposable
{
    private const int Limit = 8 << 20;

    private readonly FileSystemFixture _fileSystem;
    private readonly DriverPlayground _play;
    private readonly LayerId _image;

    protected ProjectQuotaTests(FileSystemFixture fileSystem)
    {
        _fileSystem = fileSystem;
        _play = new DriverPlayground("overlay2", fileSystem.Path);
        _image = _play.Image([], layer => layer.File("file", "image").File("big", new string('x', 4 << 20)));
    }

    private LayerProjects Projects => LayerProjects.TryOpen("overlay2", _play.Home, out _)!;

    private ProjectQuota Quota => new(_play.Home);

    public void Dispose()
    {
        _play.Dispose();
        GC.SuppressFinalize(this);
    }

    [FileSystemFact]
    public void Quota_and_usage_are_features_because_a_probe_found_that_they_work()
    {
        var check = DriverCatalog.Get("overlay2").Probe(_fileSystem.Path).Checks.Single(check => check.Name == "project quota");
        Assert.True(check.Passed, check.Evidence);
        Assert.Contains("writing stopped at a limit of 1048576 bytes", check.Evidence, StringComparison.Ordinal);
        Assert.True(_play.Driver.Features.HasFlag(DriverFeatures.Quota | DriverFeatures.ConstantTimeUsage));
    }

    [FileSystemFact]
    public void The_options_limit_holds_every_container_to_what_it_writes_itself()
    {
        var driver = _play.Open(new DriverOptions { ["overlay2.size"] = "8M" });
        Assert.Equal(new LayerQuota(Limit), driver.DefaultQuota);
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, [_image]);
        using var mount = _play.Mount(container, [_image]);
        File.WriteAllBytes(mount.At("half"), new byte[Limit / 2]);
        AssertRefused(() => File.WriteAllBytes(mount.At("rest"), new byte[Limit]));
        // Copying a file of the image up counts as well.
        AssertRefused(() => File.AppendAllText(mount.At("big"), "x"));
        Assert.Equal("image", mount.Read("file"));
    }

    [FileSystemFact]
    public void A_limit_on_inodes_holds()
    {
        var container = _play.Container(_image);
        _play.Driver.SetQuota(container, new LayerQuota(null, 20));
        using var mount = _play.Mount(container, [_image]);
        AssertRefused(() =>
        {
            for (var i = 0; i < 20; i++)
                mount.Write($"file{i}", "");
        });
        Assert.InRange(Directory.EnumerateFiles(mount.Root).Count(), 10, 20);
    }

    [FileSystemFact]
    public void A_limit_is_still_there_for_who_opens_the_store_next()
    {
        var container = _play.Container(_image);
        _play.Driver.SetQuota(container, new LayerQuota(Limit));
        var other = _play.Open();
        using (var mount = _play.Mount(container, [_image]))
            AssertRefused(() => File.WriteAllBytes(mount.At("big"), new byte[2 * Limit]));
        Assert.Equal(Limit, Quota.Read(Projects.Of(Diff(container))).MaxBytes);
        other.SetQuota(container, new LayerQuota(2 * Limit));
        Assert.Equal(2 * Limit, Quota.Read(Projects.Of(Diff(container))).MaxBytes);
    }

    [FileSystemFact]
    public void Allocated_bytes_are_what_repquota_reports()
    {
        var container = _play.Container(_image);
        using (var mount = _play.Mount(container, [_image]))
        {
            File.WriteAllBytes(mount.At("data"), new byte[3 << 20]);
            File.AppendAllText(mount.At("file"), "x");
        }
        _play.Driver.Sync();
        var project = Projects.Of(Diff(container));
        var (bytes, inodes) = Reported(project);
        Assert.Equal(new LayerAccount(bytes, inodes), _play.Driver.Account(container));
        Assert.InRange(bytes, 3 << 20, 4 << 20);
    }

    [FileSystemFact]
    public void Every_container_has_a_number_of_its_own_and_gives_it_back()
    {
        var containers = Enumerable.Range(0, 20).Select(_ => _play.Container(_image)).ToArray();
        var numbers = containers.Select(id => Projects.Of(Diff(id))).ToArray();
        Assert.DoesNotContain(0u, numbers);
        Assert.Equal(numbers.Distinct(), numbers);
        Assert.Equal(0u, Projects.Of(Diff(_image)));

        _play.Driver.SetQuota(containers[7], new LayerQuota(Limit, 100));
        foreach (var id in containers)
            _play.Driver.Remove(id);
        Assert.All(numbers, AssertFree);
        Assert.Equal(numbers[0], Projects.Of(Diff(_play.Container(_image))));
    }

    [FileSystemFact]
    public void A_limit_that_a_crash_left_behind_is_not_the_next_layers()
    {
        var container = _play.Container(_image);
        _play.Driver.SetQuota(container, new LayerQuota(Limit));
        var number = Projects.Of(Diff(container));
        // What a removal does before it dies.
        LayerFiles.Remove(_play.Home, Path.Combine(_play.Home, container.Value), container.Value);
        Assert.Equal(Limit, Quota.Read(number).MaxBytes);
        WaitUntilEmpty(number);
        var next = _play.Container(_image);
        Assert.Equal(number, Projects.Of(Diff(next)));
        Assert.Equal(0, Quota.Read(number).MaxBytes);
    }

    [FileSystemFact]
    public void Two_stores_and_several_threads_get_different_numbers()
    {
        using var other = new DriverPlayground("overlay2", _fileSystem.Path);
        var made = new System.Collections.Concurrent.ConcurrentBag<uint>();
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i =>
        {
            var play = i % 2 == 0 ? _play : other;
            made.Add(Projects.Of(Path.Combine(play.Home, play.Container().Value, "diff")));
        });
        Assert.Equal(60, made.Distinct().Count());
    }

    [FileSystemFact]
    public void A_kernel_without_quotactl_fd_is_served_by_the_devices_node()
    {
        var quota = new ProjectQuota(_play.Home, QuotaInterface.Device);
        Assert.Equal("", quota.Missing());
        var projects = LayerProjects.TryOpen("overlay2", _play.Home, quota, out _)!;
        var container = _play.Container(_image);
        projects.Limit(Diff(container), container, new LayerQuota(Limit));
        Assert.Equal(Quota.Read(projects.Of(Diff(container))), quota.Read(projects.Of(Diff(container))));
        Assert.Contains(ProjectQuota.DeviceName, Directory.EnumerateFileSystemEntries(_play.Home).Select(path => Path.GetFileName(path)!));
        Assert.Equal([_image, container], _play.Driver.Enumerate().Select(layer => layer.Id).OrderBy(id => id != _image));
    }

    [FileSystemFact]
    public void A_home_that_belongs_to_a_project_moves_the_range_behind_it()
    {
        using var place = new TestDirectory(_fileSystem.Path);
        using (var handle = DirectoryHandle.Open(place.Path))
            ProjectQuota.Join(handle, 4000, place.Path);
        var driver = DriverCatalog.Get("overlay2").Open(place["overlay2"], []);
        // The driver has tried the first number itself, to see whether limits hold here.
        WaitUntilEmpty(4001);
        var (image, container) = (LayerId.New(), LayerId.New());
        driver.Prepare(image, LayerPurpose.Image, []);
        driver.Prepare(container, LayerPurpose.Container, []);
        var projects = LayerProjects.TryOpen("overlay2", place["overlay2"], out _)!;
        Assert.Equal((0u, 4001u), (projects.Of(place[$"overlay2/{image}/diff"]), projects.Of(place[$"overlay2/{container}/diff"])));
        driver.Remove(container);
        driver.Remove(image);
        AssertFree(4001);
    }

    [FileSystemFact]
    public void A_containers_own_size_reaches_the_file_system()
    {
        using var place = new TestDirectory(_fileSystem.Path);
        using var store = Store.Open(new StoreOptions { Root = place["store"], Driver = "overlay2", DriverOptions = new DriverOptions { ["overlay2.size"] = "64M" } });
        var bounded = store.Containers.Create(new ContainerOptions { Name = "bounded", Size = Limit });
        var usual = store.Containers.Create(new ContainerOptions { Name = "usual" });
        Assert.Equal((Limit, 64L << 20), (bounded.SizeLimit, usual.SizeLimit));
        foreach (var (container, most) in new[] { (bounded, Limit), (usual, 64 << 20) })
        {
            var mount = store.Containers.Mount(container.Name);
            File.WriteAllBytes(Path.Combine(mount.Path, "fits"), new byte[most / 2]);
            // Without layers below it the container is a bind mount, and on ext4 only overlayfs holds root to a limit.
            if (_fileSystem.Kind == FileSystemKind.Xfs)
                AssertRefused(() => File.WriteAllBytes(Path.Combine(mount.Path, "too much"), new byte[most]));
            store.Containers.Dismount(container.Name);
        }
        var allocation = Assert.Single(store.Containers.MeasureAllocated([store.Containers.Get("bounded")]));
        Assert.InRange(allocation.AllocatedBytes!.Value, Limit / 2, Limit + (Limit / 2) + 65536);
        // The file, and the driver's own directories.
        Assert.InRange(allocation.AllocatedInodes!.Value, 2, 8);
        Assert.InRange(store.Containers.Measure("bounded").AllocatedBytes!.Value, Limit / 2, Limit + (Limit / 2) + 65536);
        store.Containers.Remove("bounded");
    }

    private static void AssertRefused(Action write)
    {
        var error = Assert.ThrowsAny<IOException>(write);
        Assert.Contains(error.HResult, new[] { Errno.EDQUOT, Errno.ENOSPC });
    }

    private void AssertFree(uint number)
    {
        WaitUntilEmpty(number);
        Assert.Equal(default, Quota.Read(number));
    }

    /// <summary>xfs takes deleted files off the account a moment later (inodegc).</summary>
    private void WaitUntilEmpty(uint number) => SpinWait.SpinUntil(() => Quota.Read(number).Inodes == 0, TimeSpan.FromSeconds(20));

    private string Diff(LayerId id) => Path.Combine(_play.Home, id.Value, "diff");

    /// <summary>What the quota tools say: bytes, rounded to KiB as they do, and inodes.</summary>
    private (long Bytes, long Inodes) Reported(uint project)
    {
        var output = _fileSystem.Kind == FileSystemKind.Xfs
            ? Command.Run("xfs_quota", "-x", "-c", $"quota -p -N -v -b {project}", "-c", $"quota -p -N -v -i {project}", _fileSystem.Path)
            : Command.Run("repquota", "-P", "-n", "-v", _fileSystem.Path);
        var numbers = output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (_fileSystem.Kind == FileSystemKind.Xfs)
            return (long.Parse(numbers[0][1], CultureInfo.InvariantCulture) << 10, long.Parse(numbers[1][1], CultureInfo.InvariantCulture));
        var row = numbers.Single(words => words.Length > 0 && words[0] == $"#{project}");
        return (long.Parse(row[2], CultureInfo.InvariantCulture) << 10, long.Parse(row[5], CultureInfo.InvariantCulture));
    }
}
