using LayerStore.Drivers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public sealed class DriverOptionTests
{
    private static readonly DriverOption[] Known =
    [
        new("t.text", DriverOptionType.Text, "A text."),
        new("t.flag", DriverOptionType.Boolean, "A flag.") { Default = "true" },
        new("t.size", DriverOptionType.Size, "A size.") { Default = "64K", Minimum = 4096 },
        new("t.free", DriverOptionType.Percentage, "A percentage.") { Default = "10%", Maximum = 99 },
        new("t.count", DriverOptionType.Number, "A number."),
        new("t.fs", DriverOptionType.Choice, "A choice.") { Values = ["ext4", "xfs"] },
    ];

    [Fact]
    public void Values_have_the_type_of_their_option()
    {
        var values = Read(("t.text", "/dev/sdb"), ("t.flag", "0"), ("t.size", "10G"), ("t.free", "25%"), ("t.count", "3"), ("t.fs", "xfs"));
        Assert.Equal(("/dev/sdb", false, 10L << 30, 25, 3L, "xfs"),
            (values.Text("t.text"), values.Boolean("t.flag"), values.Size("t.size"), values.Percentage("t.free"), values.Number("t.count"), values.Text("t.fs")));
        Assert.True(values.IsGiven("t.size"));
    }

    [Fact]
    public void What_was_not_given_has_its_default_or_nothing()
    {
        var values = Read();
        Assert.Equal((null, true, 65536L, 10, null, null),
            (values.Text("t.text"), values.Boolean("t.flag"), values.Size("t.size"), values.Percentage("t.free"), values.Number("t.count"), values.Text("t.fs")));
        Assert.False(values.IsGiven("t.size"));
    }

    [Theory]
    [InlineData("t.none", "1", "It knows: t.text, t.flag, t.size, t.free, t.count, t.fs.")]
    [InlineData("t.text", "", "Give a text that is not empty.")]
    [InlineData("t.flag", "yes", "Give true or false.")]
    [InlineData("t.size", "much", "Give a size such as 10G, at least 4K.")]
    [InlineData("t.size", "4095", "Give a size such as 10G, at least 4K.")]
    [InlineData("t.free", "100%", "Give a percentage such as 10%, at most 99%.")]
    [InlineData("t.free", "-1", "Give a percentage such as 10%, at most 99%.")]
    [InlineData("t.count", "1.5", "Give a whole number.")]
    [InlineData("t.fs", "zfs", "Give one of: ext4, xfs.")]
    public void What_is_wrong_is_named_with_what_is_right(string name, string value, string remedy)
    {
        var error = Assert.Throws<StoreException>(() => Read((name, value)));
        Assert.Equal((ErrorIds.DriverOptionInvalid, name, remedy), (error.ErrorId, error.Target, error.RecommendedAction));
        Assert.Contains("driver t", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_taken_in_any_case_and_mistakes_name_them_as_they_were_written()
    {
        var values = Read(("T.Text", "x"), ("t.SIZE", "10G"));
        Assert.Equal(("x", 10L << 30, true, false), (values.Text("t.text"), values.Size("t.size"), values.IsGiven("t.text"), values.IsGiven("t.flag")));
        var invalid = Assert.Throws<StoreException>(() => Read(("T.Fs", "zfs")));
        Assert.Equal(("T.Fs", "Give one of: ext4, xfs."), (invalid.Target, invalid.RecommendedAction));
        Assert.Contains("option T.Fs of", invalid.Message, StringComparison.Ordinal);
        Assert.Equal("T.None", Assert.Throws<StoreException>(() => Read(("T.None", "1"))).Target);

        Assert.All(DriverCatalog.All.SelectMany(driver => driver.Options, (driver, option) => (driver, option)), known =>
        {
            var options = new DriverOptions { [known.option.Name.ToUpperInvariant()] = "" };
            if (known.option.Type != DriverOptionType.Boolean)
                Assert.Equal(known.option.Name.ToUpperInvariant(), Assert.Throws<StoreException>(() => known.driver.CheckOptions(options)).Target);
        });
    }

    [Fact]
    public void A_store_keeps_the_driver_s_own_names_and_is_opened_by_any()
    {
        using var folder = new StoreFolder();
        var factory = new PlainDriverFactory();
        Store Open(DriverOptions options) => new StoreOpener([factory], new LayerStore.Linux.Mounts()).Open(new StoreOptions { Root = folder.Root, Driver = "plain", DriverOptions = options, CreateIfMissing = true });
        using (var store = Open(new DriverOptions { ["Plain.Size"] = "1G" }))
            Assert.Equal("plain.size", Assert.Single(store.GetInfo().DriverOptions).Key);
        Open(new DriverOptions { ["PLAIN.SIZE"] = "1G" }).Dispose();
        Assert.Equal(ErrorIds.DriverMismatch, Assert.Throws<StoreException>(() => Open(new DriverOptions { ["PLAIN.SIZE"] = "2G" })).ErrorId);
    }

    [Fact]
    public void Every_driver_says_what_its_options_are_and_its_defaults_are_values_of_theirs()
    {
        foreach (var driver in DriverCatalog.All)
        {
            _ = new DriverOptionValues(driver.Name, driver.Options, []);
            Assert.All(driver.Options, option => Assert.EndsWith(".", option.Description, StringComparison.Ordinal));
            Assert.All(driver.Options, option => Assert.Equal(option.Type == DriverOptionType.Choice, option.Values.Count > 0));
        }
        var options = DriverCatalog.All.SelectMany(driver => driver.Options).Select(option => option.Name).ToArray();
        Assert.Contains("overlay2.size", options);
        Assert.Equal(options.Distinct(), options);
    }

    [Theory]
    [InlineData("devicemapper", "dm.datadev", "sdb", "Give the path of a block device, such as /dev/sdb.")]
    [InlineData("devicemapper", "dm.blocksize", "100K", "Give a multiple of 64K.")]
    [InlineData("devicemapper", "dm.basesize", "1M", "Give a size such as 10G, at least 64M.")]
    [InlineData("devicemapper", "dm.thinp_percent", "90", "Give both.")]
    [InlineData("zfs", "zfs.fsname", "9tank", "Give a pool, or a dataset in it such as tank/layers ('zfs list'), of at most 180 letters, digits and -_.:")]
    [InlineData("btrfs", "btrfs.size", "many", "Give a size such as 10G.")]
    [InlineData("overlay2", "overlay2.size", "many", "Give a size such as 10G.")]
    [InlineData("vfs", "size", "many", "Give a size such as 10G.")]
    [InlineData("aufs", "size", "1G", "It takes no options: leave them out.")]
    public void A_mistake_in_an_option_is_told_as_one_wherever_the_driver_would_work(string driver, string option, string value, string remedy)
    {
        var options = new DriverOptions { [option] = value };
        var error = Assert.Throws<StoreException>(() => DriverCatalog.Choose("/tmp", driver, options));
        Assert.Equal((ErrorIds.DriverOptionInvalid, option, remedy), (error.ErrorId, error.Target, error.RecommendedAction));
        var failure = DriverCatalog.Get(driver).Probe("/tmp", options).Failure;
        Assert.Equal(("options", error.Message, remedy), (failure?.Name, failure?.Evidence, failure?.Remedy));
    }

    [Fact]
    public void A_new_store_gets_a_driver_that_takes_its_options()
    {
        using var place = new TestDirectory("/dev/shm");
        IStorageDriverFactory[] drivers = [DriverCatalog.Get("overlay2"), new PlainDriverFactory()];
        Assert.Equal("plain", DriverCatalog.Choose(drivers, place.Path, options: new DriverOptions { ["plain.size"] = "1G" }).Name);

        var unknown = Assert.Throws<StoreException>(() => DriverCatalog.Choose(drivers, place.Path, options: new DriverOptions { ["nobodys"] = "1" }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, "nobodys"), (unknown.ErrorId, unknown.Target));
        Assert.Contains("overlay2.size, overlay2.inodes, overlay2.override_kernel_check, plain.size", unknown.RecommendedAction, StringComparison.Ordinal);

        var mixed = Assert.Throws<StoreException>(() =>
            DriverCatalog.Choose(drivers, place.Path, options: new DriverOptions { ["plain.size"] = "1", ["overlay2.size"] = "1" }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, "plain.size, overlay2.size"), (mixed.ErrorId, mixed.Target));

        var wrong = Assert.Throws<StoreException>(() => DriverCatalog.Choose(drivers, place.Path, options: new DriverOptions { ["plain.size"] = "many" }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, "plain.size"), (wrong.ErrorId, wrong.Target));
    }

    private static DriverOptionValues Read(params (string Name, string Value)[] given)
    {
        var options = new DriverOptions();
        foreach (var (name, value) in given)
            options[name] = value;
        return new DriverOptionValues("t", Known, options);
    }
}
