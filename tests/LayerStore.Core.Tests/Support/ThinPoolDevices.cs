using LayerStore.Drivers.DeviceMapper;

namespace LayerStore.Tests.Support;

/// <summary>Whether the thin pool of a store has the devices that the store has records of, and no other.</summary>
internal static class ThinPoolDevices
{
    public static void Check(Store store)
    {
        var home = new DeviceMapperLayout(Path.Combine(store.Root, "devicemapper"));
        var mapper = new LayerStore.Linux.DeviceMapper();
        var name = (string)store.Driver.Status().Single(line => line.Name == "Pool Name").Value;
        var number = mapper.Table(name)!.Split(' ')[0].Split(':');
        using var place = new TestDirectory();
        Command.Run("mknod", place["metadata"], "b", number[0], number[1]);
        Assert.Equal(0, mapper.Message(name, "reserve_metadata_snap"));
        var (code, output, errors) = Command.TryRun("thin_ls", "--metadata-snap", "--no-headers", "-o", "DEV", place["metadata"]);
        Assert.Equal(0, mapper.Message(name, "release_metadata_snap"));
        Assert.True(code == 0, errors);
        // The first device is the one that all others are snapshots of.
        var known = Directory.EnumerateDirectories(home.Layers).Select(directory => $"{DeviceRecord.Read(directory)!.Device}").Append("0");
        Assert.Equal(known.Order(StringComparer.Ordinal), output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateDirectories(home.Removing));
    }
}
