using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>LVM's real monitor, dmeventd, listening to a thin pool of the guest, as a machine with udev has it listen to every pool.</summary>
internal sealed class LvmMonitor : IDisposable
{
    private const string Configuration = "/etc/lvm/lvmlocal.conf";
    private const string ProcessFile = "/run/dmeventd.pid";

    private readonly string _pool;

    /// <summary>Starts it.</summary>
    /// <param name="pool">The pool as LVM calls it: <c>GROUP/POOL</c>.</param>
    public LvmMonitor(string pool)
    {
        _pool = pool;
        // Its own calls of LVM read this; nobody else hears of our way to do without udev.
        File.WriteAllText(Configuration, """
            devices { obtain_device_list_from_udev=0 external_device_info_source="none" }
            activation { udev_sync=0 udev_rules=0 verify_udev_operations=0 monitoring=1 }
            """);
        try
        {
            Command.Run("lvchange", "--monitor", "y", pool);
            Assert.Equal("monitored", Command.Run("lvs", "--noheadings", "-o", "seg_monitor", pool).Trim());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Command.TryRun("lvchange", "--monitor", "n", _pool);
        File.Delete(Configuration);
        if (File.Exists(ProcessFile) && int.TryParse(File.ReadAllText(ProcessFile), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            _ = Libc.Kill(id, 15);
    }
}
