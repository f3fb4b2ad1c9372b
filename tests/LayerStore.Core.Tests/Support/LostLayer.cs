using System.Globalization;
using LayerStore.Drivers.DeviceMapper;
using LayerStore.Drivers.Zfs;

namespace LayerStore.Tests.Support;

/// <summary>Deletes layers behind the store's back, as somebody who makes room does.</summary>
internal static class LostLayer
{
    /// <summary>Deletes what a driver keeps a layer's files in; on zfs with all that began as the layer.</summary>
    public static void Delete(Store store, string layer)
    {
        var home = Path.Combine(store.Root, store.Driver.Name);
        switch (store.Driver.Name)
        {
            case "btrfs":
                Command.Run("btrfs", "subvolume", "delete", Path.Combine(home, "subvolumes", layer));
                break;
            case "zfs":
                Command.Run("zfs", "destroy", "-R", $"{ZfsDriverFactory.DatasetOf(home)}/{layer}");
                break;
            case "devicemapper":
                var pool = (string)store.Driver.Status().Single(line => line.Name == "Pool Name").Value;
                var number = DeviceRecord.Read(Path.Combine(home, "layers", layer))!.Device;
                Assert.Equal(0, new LayerStore.Linux.DeviceMapper().Message(pool, string.Create(CultureInfo.InvariantCulture, $"delete {number}")));
                break;
            default:
                Directory.Delete(Path.Combine(home, store.Driver.Name switch { "vfs" => "dir", "aufs" => "diff", _ => "" }, layer), recursive: true);
                break;
        }
    }

    /// <summary>As <see cref="Delete"/>; on zfs a container that began as the layer stays, as it does where it was promoted before.</summary>
    public static void DeleteBelow(Store store, string layer, string container)
    {
        if (store.Driver.Name == "zfs")
        {
            var parent = ZfsDriverFactory.DatasetOf(Path.Combine(store.Root, "zfs"));
            Command.Run("zfs", "promote", $"{parent}/{container}");
            Command.Run("zfs", "destroy", $"{parent}/{layer}");
        }
        else
            Delete(store, layer);
    }
}
