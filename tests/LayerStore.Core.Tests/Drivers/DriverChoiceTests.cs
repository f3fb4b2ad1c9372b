using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>Which driver a root gets that has no database to ask.</summary>
public sealed class DriverChoiceTests : IDisposable
{
    private static readonly ProbeCheck Impossible = new("module", Passed: false, Required: true, "no such device", "Load the module.");
    private static readonly ProbeCheck Missing = new("reflink", Passed: false, Required: false, "not supported", "Use xfs.");

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_driver_that_holds_data_is_taken_although_a_better_one_works()
    {
        HoldData("second");
        using var store = Opener("first", "second").Open(new StoreOptions { Root = _folder.Root });
        Assert.Equal("second", store.GetInfo().StorageDriver);
        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "first")));
    }

    [Fact]
    public void A_driver_that_holds_data_and_does_not_work_is_an_error_and_never_replaced()
    {
        HoldData("second");
        var drivers = new[] { new PlainDriverFactory { Name = "first" }, new PlainDriverFactory { Name = "second", Failure = Impossible } };
        var error = Assert.Throws<StoreException>(() => new StoreOpener(drivers, new Mounts()).Open(new StoreOptions { Root = _folder.Root }));
        Assert.Equal(ErrorIds.DriverUnsupported, error.ErrorId);
        Assert.Contains("second", error.Message, StringComparison.Ordinal);
        Assert.Contains(Impossible.Evidence, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(Impossible.Remedy, error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["second"], Directory.EnumerateDirectories(_folder.Root).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Several_drivers_that_hold_data_are_an_error_that_names_them()
    {
        HoldData("first");
        HoldData("third");
        var error = Assert.Throws<StoreException>(() => Opener("first", "second", "third").Open(new StoreOptions { Root = _folder.Root }));
        Assert.Equal(ErrorIds.DriverAmbiguous, error.ErrorId);
        Assert.Contains("contains several valid graphdrivers: first, third", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Message, Assert.Single(Opener("first", "second", "third").Describe(_folder.Root).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_names_a_driver_gets_it_whatever_holds_data()
    {
        HoldData("first");
        HoldData("third");
        using var store = Opener("first", "second", "third").Open(new StoreOptions { Root = _folder.Root, Driver = "second" });
        Assert.Equal("second", store.GetInfo().StorageDriver);
    }

    [Fact]
    public void The_empty_places_of_a_driver_are_no_data()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "second", "places"));
        Directory.CreateDirectory(Path.Combine(_folder.Root, "second", "removing", "leftover"));
        using var store = Opener("first", "second").Open(new StoreOptions { Root = _folder.Root });
        Assert.Equal("first", store.GetInfo().StorageDriver);
    }

    [Fact]
    public void Real_drivers_hold_data_from_their_first_layer_to_their_last()
    {
        foreach (var name in new[] { "vfs", "overlay2" })
        {
            using var place = new TestDirectory("/dev/shm");
            if (!DriverCatalog.Get(name).Probe(place.Path).Supported)
                continue;
            var driver = DriverCatalog.Get(name).Open(Path.Combine(place.Path, name), []);
            Assert.Empty(PriorDrivers.Find(place.Path, [name]));
            var layer = LayerId.New();
            driver.Prepare(layer, LayerPurpose.Container, []);
            Assert.Equal([name], PriorDrivers.Find(place.Path, [name]));
            driver.Remove(layer);
            Assert.Empty(PriorDrivers.Find(place.Path, [name]));
        }
    }

    [Fact]
    public void The_survey_says_which_driver_works_and_which_a_new_store_would_get()
    {
        var drivers = new[]
        {
            new PlainDriverFactory { Name = "first", Failure = Impossible, RequiresRoot = true },
            new PlainDriverFactory { Name = "second", Failure = Missing },
            new PlainDriverFactory { Name = "third" },
        };
        var root = Path.Combine(_folder.Root, "to", "be");
        var found = new DriverSurvey(drivers).Run(root);
        Assert.Equal(["first False False", "second True True", "third True False"], found.Select(driver => $"{driver.Name} {driver.Supported} {driver.IsDefault}"));
        Assert.Equal(["the check 'module' failed: no such device", "works, without: reflink", "every check passed"], found.Select(driver => driver.Reason));
        Assert.Equal((true, root, _folder.Base), (found[0].RequiresRoot, found[0].Root, found[0].Path));
        Assert.Equal([Impossible], found[0].Checks);
        Assert.Equal(["IndependentApply", "MountFree"], found[0].Features);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Base));
    }

    [Fact]
    public void The_survey_says_which_driver_holds_data()
    {
        HoldData("second");
        var found = new DriverSurvey(Factories("first", "second")).Run(_folder.Root);
        Assert.Equal(["False False", "True True"], found.Select(driver => $"{driver.IsDefault} {driver.HoldsData}"));
        HoldData("first");
        found = new DriverSurvey(Factories("first", "second")).Run(_folder.Root);
        Assert.Equal(["False True", "False True"], found.Select(driver => $"{driver.IsDefault} {driver.HoldsData}"));
        Directory.Delete(_folder.Root, recursive: true);
        using (Opener("first", "second").Open(new StoreOptions { Root = _folder.Root, Driver = "second" }))
            HoldData("first");
        found = new DriverSurvey(Factories("first", "second")).Run(_folder.Root);
        Assert.Equal(["False False", "True True"], found.Select(driver => $"{driver.IsDefault} {driver.HoldsData}"));
    }

    [Fact]
    public void A_new_store_gets_the_default_driver_and_of_the_default_options_what_it_takes()
    {
        var defaults = new StoreDefaults { Driver = "second", DriverOptions = { ["plain.size"] = "1G", ["other.size"] = "2G" } };
        Assert.Equal("second", Opener("first", "second").Describe(_folder.Root, defaults: defaults).StorageDriver);
        Assert.Equal(["False", "True"], new DriverSurvey(Factories("first", "second")).Run(_folder.Root, defaults).Select(driver => driver.IsDefault.ToString()));
        using (var store = Opener("first", "second").Open(new StoreOptions { Root = _folder.Root, Defaults = defaults }))
            Assert.Equal(("second", "1G"), (store.GetInfo().StorageDriver, Assert.Single(store.GetInfo().DriverOptions).Value));
        // A store that exists does not ask.
        using (var store = Opener("first", "second").Open(new StoreOptions { Root = _folder.Root, Defaults = new StoreDefaults { Driver = "first" } }))
            Assert.Equal("second", store.GetInfo().StorageDriver);
    }

    [Fact]
    public void What_is_given_counts_before_the_defaults()
    {
        var defaults = new StoreDefaults { Driver = "second", DriverOptions = { ["plain.size"] = "1G" } };
        using var store = Opener("first", "second").Open(new StoreOptions { Root = _folder.Root, Driver = "first", DriverOptions = new DriverOptions { ["plain.size"] = "2G" }, Defaults = defaults });
        Assert.Equal(("first", "2G"), (store.GetInfo().StorageDriver, Assert.Single(store.GetInfo().DriverOptions).Value));
    }

    [Fact]
    public void Data_in_the_root_counts_before_the_default_driver()
    {
        HoldData("first");
        using var store = Opener("first", "second").Open(new StoreOptions { Root = _folder.Root, Defaults = new StoreDefaults { Driver = "second" } });
        Assert.Equal("first", store.GetInfo().StorageDriver);
    }

    [Fact]
    public void A_default_driver_that_does_not_work_is_an_error_and_no_other_is_taken()
    {
        var drivers = new[] { new PlainDriverFactory { Name = "first" }, new PlainDriverFactory { Name = "second", Failure = Impossible } };
        var error = Assert.Throws<StoreException>(() => new StoreOpener(drivers, new Mounts()).Open(new StoreOptions { Root = _folder.Root, Defaults = new StoreDefaults { Driver = "second" } }));
        Assert.Equal(ErrorIds.DriverUnsupported, error.ErrorId);
        Assert.False(Directory.Exists(_folder.Root));
    }

    private void HoldData(string driver) => Directory.CreateDirectory(Path.Combine(_folder.Root, driver, new string('a', 64), "diff"));

    private static IReadOnlyList<IStorageDriverFactory> Factories(params string[] names) => [.. names.Select(name => new PlainDriverFactory { Name = name })];

    private static StoreOpener Opener(params string[] names) => new(Factories(names), new Mounts());
}
