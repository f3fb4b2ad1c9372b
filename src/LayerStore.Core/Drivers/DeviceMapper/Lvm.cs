using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>LVM's programs.</summary>
internal static class Lvm
{
    public const string Package = "lvm2";

    // Where no udev runs (a container, a rescue system) LVM waits for it in vain, and nobody listens to events.
    private const string WithoutUdev = "devices { obtain_device_list_from_udev=0 external_device_info_source=\"none\" } "
        + "activation { udev_sync=0 udev_rules=0 monitoring=0 verify_udev_operations=0 }";

    /// <summary>The programs that a set-up needs.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["pvcreate", "vgcreate", "lvcreate", "lvconvert", "lvchange", "vgs", "pvs", "vgremove", "pvremove"];

    /// <summary>Runs one of them.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ProgramMissing"/>, <see cref="ErrorIds.ProgramFailed"/>.</exception>
    public static string Run(string program, params IEnumerable<string> arguments) => ExternalProgram.Run(program, Package, [.. arguments, .. Config]);

    /// <summary>As <see cref="Run"/>; what it wrote, or null where it failed.</summary>
    public static string? TryRun(string program, params IEnumerable<string> arguments)
    {
        var (code, output, _) = ExternalProgram.TryRun(program, Package, [.. arguments, .. Config]);
        return code == 0 ? output : null;
    }

    private static string[] Config => File.Exists("/run/udev/control") ? [] : ["--config", WithoutUdev];
}
