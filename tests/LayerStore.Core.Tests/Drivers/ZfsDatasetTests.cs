using LayerStore.Drivers;
using LayerStore.Drivers.Zfs;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What the zfs driver asks of zfs(8), and what it makes of the answers; on a pool that is not there. The conformance suite has a real one.</summary>
public sealed class ZfsDatasetTests : IDisposable
{
    private readonly FakeZfs _zfs = new();
    private readonly TestDirectory _place = new("/dev/shm");

    private string Home => _place["zfs"];

    public void Dispose()
    {
        _zfs.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void A_layer_is_a_dataset_and_its_child_a_clone_that_nobody_else_mounts_or_snapshots()
    {
        var driver = Open(quota: 1 << 30);
        var image = Image(driver);
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, [image]);
        Assert.Equal($"tank/layers/{image.Value}@layer", _zfs.Datasets[$"tank/layers/{container.Value}"].Origin);
        var create = Assert.Single(_zfs.Commands, command => command.StartsWith("zfs create", StringComparison.Ordinal));
        var clone = Assert.Single(_zfs.Commands, command => command.StartsWith("zfs clone", StringComparison.Ordinal));
        foreach (var property in new[] { "mountpoint=legacy", "com.sun:auto-snapshot=false", "atime=off", "readonly=off", "xattr=sa", "acltype=posixacl", "snapdir=hidden" })
        {
            Assert.Contains($"-o {property} ", create, StringComparison.Ordinal);
            Assert.Contains($"-o {property} ", clone, StringComparison.Ordinal);
        }
        foreach (var property in new[] { "normalization=none", "utf8only=off", "casesensitivity=sensitive" })
            Assert.Contains($"-o {property} ", create, StringComparison.Ordinal);
        Assert.DoesNotContain("quota", create, StringComparison.Ordinal);
        Assert.Contains("-o quota=1073741824 ", clone, StringComparison.Ordinal);
        driver.SetQuota(container, new LayerQuota(null));
        Assert.Equal($"zfs set quota=none tank/layers/{container.Value}", _zfs.Commands[^1]);
    }

    [Fact]
    public void What_a_command_failed_for_is_found_out_without_its_words()
    {
        var driver = Open();
        var image = Image(driver);
        _zfs.Failure = "the words change";
        Assert.Equal((ErrorIds.ProgramFailed, true), Failure(() => driver.Prepare(LayerId.New(), LayerPurpose.Container, [image]), "the words change"));
        _zfs.Datasets["tank/layers"].Available = 1000;
        Assert.Equal((ErrorIds.DiskFull, true), Failure(() => driver.Prepare(LayerId.New(), LayerPurpose.Container, [image]), "tank/layers"));
        _zfs.Failure = null;
        _zfs.Datasets.Remove($"tank/layers/{image.Value}@layer");
        Assert.Equal((ErrorIds.LayerNotFound, true), Failure(() => driver.Prepare(LayerId.New(), LayerPurpose.Container, [image]), image.Value[..12]));
        _zfs.Datasets.Clear();
        Assert.Equal((ErrorIds.PoolUnavailable, true), Failure(() => driver.Prepare(LayerId.New(), LayerPurpose.Container, [image]), "tank/layers"));
    }

    [Fact]
    public void Which_layers_lost_their_snapshots_is_one_question_and_what_waits_for_its_end_keeps_its_name()
    {
        var driver = Open();
        var (whole, lost, anew) = (Image(driver), Image(driver), Image(driver));
        _zfs.Datasets.Remove($"tank/layers/{lost.Value}@layer");
        var asked = _zfs.Commands.Count;
        Assert.Equal([lost], driver.FindLost([whole, lost]));
        Assert.Equal(asked + 1, _zfs.Commands.Count);

        // Somebody's clone of another snapshot of it: it cannot go, and whoever comes next would destroy by its name what had that one meanwhile.
        _zfs.Datasets[$"tank/layers/{lost.Value}@own"] = new();
        _zfs.Datasets["tank/own"] = new() { Origin = $"tank/layers/{lost.Value}@own" };
        driver.Remove(lost);
        Assert.Equal((ErrorIds.MountBusy, true), Failure(() => driver.Rename(anew, lost), lost.Value[..12]));
        _zfs.Datasets.Remove("tank/own");
        Open();
        driver.Rename(anew, lost);
        Assert.Empty(driver.FindLost([whole, lost]));
        Assert.DoesNotContain(_zfs.Datasets.Keys, name => name.Contains(anew.Value, StringComparison.Ordinal));
        Open();
        Assert.Empty(driver.FindLost([whole, lost]));
    }

    [Fact]
    public void What_the_library_does_not_do_the_programs_do_and_explain()
    {
        using var zfs = new FakeZfs { Library = new Unable() };
        LayerFiles.CreateHome(Home, ZfsLayout.LayersName);
        var driver = new ZfsDriver(Home, new ZfsDatasets(zfs.System, "tank/layers"), null);
        var image = Image(driver);
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, [image]);
        Assert.True(driver.Account(container)!.Value.Unchanged);
        zfs.Failure = "no luck";
        Assert.Equal((ErrorIds.ProgramFailed, true), Failure(() => driver.Prepare(LayerId.New(), LayerPurpose.Container, [image]), "no luck"));
        zfs.Failure = null;
        driver.Remove(container);
        driver.Remove(image);
        Assert.Equal(["tank", "tank/layers"], zfs.Datasets.Keys);
    }

    [Theory]
    [InlineData("SUSPENDED", "zpool clear tank")]
    [InlineData("UNAVAIL", "zpool clear tank")]
    [InlineData(null, "zpool import tank")]
    public void A_pool_that_hangs_is_not_asked_at_all(string? state, string remedy)
    {
        var driver = Open();
        var layer = Image(driver);
        _zfs.State = state;
        _zfs.Commands.Clear();
        var asked = new Action[]
        {
            () => driver.Prepare(LayerId.New(), LayerPurpose.Container, [layer]), () => driver.Commit(layer), () => driver.Measure(layer, []),
            () => driver.Account(layer), () => driver.SetQuota(layer, new LayerQuota(1)), () => driver.Remove(layer),
        };
        foreach (var ask in asked)
        {
            var error = Assert.Throws<StoreException>(ask);
            Assert.Equal(ErrorIds.PoolUnavailable, error.ErrorId);
            Assert.Contains(remedy, error.RecommendedAction, StringComparison.Ordinal);
        }
        Assert.Equal(state ?? "not available", driver.Status().Single(line => line.Name == "Zpool Health").Value);
        Assert.Empty(_zfs.Commands);

        // What was to be removed then goes with the next one that opens the driver.
        _zfs.State = "ONLINE";
        Assert.Empty(Open().Enumerate());
        Assert.DoesNotContain(_zfs.Datasets.Keys, name => name.Contains(layer.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void A_layer_with_clones_goes_after_them()
    {
        var driver = Open();
        var image = Image(driver);
        var upper = Image(driver, image);
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, [upper]);
        driver.Remove(image);
        driver.Remove(upper);
        Assert.Equal([container], driver.Enumerate().Select(layer => layer.Id));
        Assert.Contains($"tank/layers/{image.Value}", _zfs.Datasets.Keys);
        Assert.Equal(2L, driver.Status().Single(line => line.Name == "Datasets To Be Destroyed").Value);
        driver.Remove(container);
        Assert.Equal(["tank", "tank/layers"], _zfs.Datasets.Keys);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Home, "removing")));
    }

    [Fact]
    public void A_long_chain_that_is_removed_the_wrong_way_round_costs_no_more_than_the_right_way()
    {
        var driver = Open();
        var chain = new List<LayerId>();
        for (var i = 0; i < 50; i++)
            chain.Insert(0, Image(driver, [.. chain.Take(1)]));
        foreach (var layer in chain.AsEnumerable().Reverse().Take(49))
            driver.Remove(layer);
        _zfs.Commands.Clear();
        driver.Remove(chain[0]);
        Assert.Equal(["tank", "tank/layers"], _zfs.Datasets.Keys);
        Assert.Equal(51, _zfs.Commands.Count);
    }

    [Fact]
    public void What_is_busy_or_lost_does_not_keep_the_rest_from_going()
    {
        var driver = Open();
        LayerId[] layers = [.. Enumerable.Range(0, 4).Select(_ => Image(driver))];
        _zfs.Datasets[$"tank/layers/{layers[0].Value}"].Busy = true;
        _zfs.Datasets.Remove($"tank/layers/{layers[1].Value}");
        foreach (var layer in layers[..3])
            driver.Remove(layer);
        Assert.Equal([layers[3]], driver.Enumerate().Select(layer => layer.Id));
        Assert.Equal(["tank", "tank/layers", .. new[] { layers[0], layers[3] }.SelectMany(layer => new[] { $"tank/layers/{layer.Value}", $"tank/layers/{layer.Value}@layer" }).Order(StringComparer.Ordinal)],
            _zfs.Datasets.Keys.Where(name => !name.Contains(layers[1].Value, StringComparison.Ordinal)));
        _zfs.Datasets[$"tank/layers/{layers[0].Value}"].Busy = false;
        _ = Open();
        Assert.DoesNotContain($"tank/layers/{layers[0].Value}", _zfs.Datasets.Keys);
    }

    [Fact]
    public void Only_what_has_a_dataset_is_there_and_another_store_s_layers_are_not()
    {
        var driver = Open();
        var image = Image(driver);
        var lost = Image(driver);
        var preparing = LayerId.New();
        driver.Prepare(preparing, LayerPurpose.Image, []);
        foreach (var layer in new[] { image, lost })
        {
            driver.WriteIdentity(layer, "{}"u8);
            ((IStorageDriver)driver).ConfirmIdentity(layer);
        }
        foreach (var layer in new[] { lost, preparing })
            _zfs.Datasets.Remove($"tank/layers/{layer.Value}");
        _zfs.Datasets[$"tank/layers/{LayerId.New().Value}"] = new();
        Assert.Equal(new[] { image, preparing }.OrderBy(id => id.Value), driver.Enumerate().Select(layer => layer.Id).OrderBy(id => id.Value));
        _zfs.State = null;
        Assert.Equal(3, driver.Enumerate().Count());
    }

    [Fact]
    public void Many_layers_are_asked_for_at_once_and_those_that_nobody_wrote_to_are_unchanged()
    {
        var driver = Open();
        var image = Image(driver);
        LayerId[] containers = [.. Enumerable.Range(0, 3).Select(_ => LayerId.New())];
        foreach (var id in containers)
            driver.Prepare(id, LayerPurpose.Container, [image]);
        var rootless = LayerId.New();
        driver.Prepare(rootless, LayerPurpose.Container, []);
        _zfs.Datasets[$"tank/layers/{containers[1].Value}"].Used = _zfs.Datasets[$"tank/layers/{containers[1].Value}"].Written = 13824;
        _zfs.Datasets.Remove($"tank/layers/{containers[2].Value}");
        _zfs.Commands.Clear();
        var accounts = driver.Accounts([.. containers, rootless]);
        Assert.Equal(2, _zfs.Commands.Count);
        Assert.Equal(new LayerAccount(1024, Unchanged: true), accounts[containers[0]]);
        Assert.Equal(new LayerAccount(13824, Unchanged: false), accounts[containers[1]]);
        Assert.False(accounts.ContainsKey(containers[2]));
        Assert.False(accounts[rootless].Unchanged);
        Assert.Empty(driver.Changes(containers[0], [image]));
        Assert.Equal([1024L, 13824L, null], containers.Select(id => driver.Account(id)?.AllocatedBytes));

        // Somebody's snapshot has what was written before it, and the books begin anew.
        _zfs.Datasets[$"tank/layers/{containers[0].Value}"].Used = 13824;
        Assert.False(driver.Accounts(containers)[containers[0]].Unchanged);
    }

    [Fact]
    public void The_status_has_Docker_s_names_and_numbers()
    {
        _zfs.Datasets["tank/layers"].Used = 123456;
        Assert.Equal(
            ["Zpool=tank", "Zpool Health=ONLINE", "Parent Dataset=tank/layers", "Space Used By Parent=123456", "Space Available=10737418240", "Parent Quota=no", "Compression=lz4"],
            Open().Status().Select(line => $"{line.Name}={line.Value}"));
    }

    [Fact]
    public void Files_can_not_be_limited()
    {
        var driver = Open();
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, []);
        Assert.Equal(ErrorIds.DriverUnsupported, Assert.Throws<StoreException>(() => driver.SetQuota(container, new LayerQuota(1 << 20, MaxInodes: 5))).ErrorId);
    }

    private static LayerId Image(ZfsDriver driver, params LayerId[] parents)
    {
        var id = LayerId.New();
        driver.Prepare(id, LayerPurpose.Image, parents);
        driver.Commit(id);
        return id;
    }

    private static (string Id, bool Names) Failure(Action action, string named)
    {
        var error = Assert.Throws<StoreException>(action);
        Assert.NotEmpty(error.RecommendedAction);
        return (error.ErrorId, error.Message.Contains(named, StringComparison.Ordinal));
    }

    private ZfsDriver Open(long? quota = null)
    {
        LayerFiles.CreateHome(Home, ZfsLayout.LayersName);
        return new ZfsDriver(Home, new ZfsDatasets(_zfs.System, "tank/layers"), quota);
    }

    [Fact]
    public void Paths_of_changes_are_read_as_zfs_writes_them()
    {
        const string output = "M\t/place/id/\nM\t/place/id/dir\n-\t/place/id/dir/gone\nR\t/place/id/old\t/place/id/new\n+\t/place/id/odd\\0040\\0303\\0251\\0012\\0134\nM\t/place/id/two\t(+1)\n";

        var paths = ZfsDifference.Paths(output, "/place/id").Select(System.Text.Encoding.UTF8.GetString);

        Assert.Equal(["", "dir", "new", "odd \u00e9\n\\", "two"], paths);
    }

    /// <summary>A library of another release than the kernel's module, for one.</summary>
    private sealed class Unable : IZfsLibrary
    {
        public bool Create(string dataset, IEnumerable<string> properties) => false;

        public bool Clone(string snapshot, string dataset, IEnumerable<string> properties) => false;

        public bool Snapshot(string snapshot) => false;

        public bool Destroy(string dataset, string snapshot) => false;

        public bool Sync(string pool) => false;

        public IReadOnlySet<string>? FindExisting(IEnumerable<string> names) => null;

        public IReadOnlyDictionary<string, ZfsUsage>? UsageOf(IEnumerable<string> datasets) => null;
    }
}
