using LayerStore.Drivers;
using LayerStore.Drivers.DeviceMapper;

namespace LayerStore.Tests.Drivers;

public sealed class DeviceMapperOptionTests
{
    [Fact]
    public void Without_options_everything_is_as_Docker_has_it()
    {
        var options = new DeviceMapperOptions([]);
        Assert.Equal((10L << 30, 100L << 30, 2L << 30, 64L << 10), (options.BaseSize, options.LoopDataSize, options.LoopMetadataSize, options.BlockSize));
        Assert.Equal((10, 95, 1, 80, 20), (options.MinFreePercent, options.ThinPercent, options.ThinMetadataPercent, options.AutoExtendThreshold, options.AutoExtendPercent));
        Assert.Equal(512 << 10, options.DirectBlockSize);
        Assert.True(options.UsesLoopFiles);
        Assert.False(options.DeferredDeletion);
        Assert.Null(options.Discard);
        Assert.Equal("xfs", options.ChooseFileSystem(program => program == "mkfs.xfs"));
        Assert.Equal("ext4", options.ChooseFileSystem(_ => false));
    }

    [Fact]
    public void Every_option_is_read()
    {
        var options = new DeviceMapperOptions(new DriverOptions
        {
            ["dm.basesize"] = "20G",
            ["dm.fs"] = "ext4",
            ["dm.mkfsarg"] = "-N  1000 -O ^64bit",
            ["dm.mountopt"] = "noatime,commit=30",
            ["dm.datadev"] = "/dev/sdb",
            ["dm.metadatadev"] = "/dev/sdc",
            ["dm.blocksize"] = "128k",
            ["dm.blkdiscard"] = "false",
            ["dm.min_free_space"] = "5%",
            ["dm.use_deferred_removal"] = "false",
            ["dm.use_deferred_deletion"] = "true",
            ["dm.override_udev_sync_check"] = "true",
            ["dm.libdm_log_level"] = "7",
            ["dm.loopdatasize"] = "1g",
            ["dm.loopmetadatasize"] = "16g",
        });
        Assert.Equal((20L << 30, "ext4", "/dev/sdb", "/dev/sdc"), (options.BaseSize, options.FileSystem, options.DataDevice, options.MetadataDevice));
        Assert.Equal(["-N", "1000", "-O", "^64bit"], options.MkfsArguments);
        Assert.Equal([new("noatime", null), new("commit", "30")], options.MountOptions);
        Assert.Equal((128L << 10, 128L << 10, 5), (options.BlockSize, options.DirectBlockSize, options.MinFreePercent));
        Assert.Equal((false, false, true, false), (options.Discard, options.DeferredRemoval, options.DeferredDeletion, options.UsesLoopFiles));
    }

    [Theory]
    [InlineData("dm.basesize", "1M")]
    [InlineData("dm.basesize", "much")]
    [InlineData("dm.fs", "btrfs")]
    [InlineData("dm.blocksize", "100K")]
    [InlineData("dm.blocksize", "32K")]
    [InlineData("dm.blocksize", "2G")]
    [InlineData("dm.loopmetadatasize", "17G")]
    [InlineData("dm.datadev", "sdb")]
    [InlineData("dm.thinpooldev", "/dev/vg/pool")]
    [InlineData("dm.directlvm_device", "disk")]
    [InlineData("dm.min_free_space", "100%")]
    [InlineData("dm.use_deferred_removal", "perhaps")]
    [InlineData("dm.thinp_percent", "0")]
    [InlineData("dm.libdm_log_level", "1")]
    [InlineData("dm.xfs_nospace_max_retries", "-1")]
    [InlineData("dm.unheard_of", "1")]
    public void A_wrong_value_is_an_error_that_names_the_option_and_what_it_takes(string name, string value)
    {
        var error = Assert.Throws<StoreException>(() => new DeviceMapperOptions(new DriverOptions { [name] = value }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, name), (error.ErrorId, error.Target));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.RecommendedAction);
        Assert.Equal(ErrorIds.DriverOptionInvalid, Assert.Throws<StoreException>(
            () => DriverCatalog.Get("devicemapper").Open("/nowhere/devicemapper", new DriverOptions { [name] = value })).ErrorId);
        Assert.Equal("options", DriverCatalog.Get("devicemapper").Probe("/tmp", new DriverOptions { [name] = value }).Failure?.Name);
    }

    [Theory]
    [InlineData("dm.thinpooldev=pool dm.directlvm_device=/dev/sdb")]
    [InlineData("dm.thinpooldev=pool dm.datadev=/dev/sdb")]
    [InlineData("dm.thinp_percent=90")]
    [InlineData("dm.thinp_percent=99 dm.thinp_metapercent=2")]
    [InlineData("dm.fs=xfs dm.basesize=200M")]
    public void Options_that_contradict_each_other_are_refused(string text)
    {
        var options = new DriverOptions();
        foreach (var word in text.Split(' '))
            options[word.Split('=')[0]] = word.Split('=')[1];
        var error = Assert.Throws<StoreException>(() => new DeviceMapperOptions(options));
        Assert.Equal(ErrorIds.DriverOptionInvalid, error.ErrorId);
        Assert.Contains(error.Target!, options.Keys);
    }

    [Theory]
    [InlineData("1 26/524288 301/1638400 - rw discard_passdown error_if_no_space - 1024", 26 * 4096, 301 * 65536L, "rw", false)]
    [InlineData("0 10/100 100/100 - out_of_data_space discard_passdown queue_if_no_space - 1", 10 * 4096, 100 * 65536L, "out_of_data_space", false)]
    [InlineData("7 10/100 5/100 12 ro no_discard_passdown queue_if_no_space needs_check 1", 10 * 4096, 5 * 65536L, "ro", true)]
    [InlineData("Fail", 0, 0, "Fail", true)]
    [InlineData("", 0, 0, "Fail", true)]
    public void A_pool_s_state_is_read_as_the_kernel_writes_it(string line, long metadata, long data, string mode, bool check)
    {
        var status = PoolStatus.Parse(line, 65536);
        Assert.Equal((metadata, data, mode, check), (status.UsedMetadata, status.UsedData, status.Mode, status.NeedsCheck));
    }
}
