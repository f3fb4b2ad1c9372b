using System.Management.Automation;
using System.Reflection;

namespace LayerStore.Loader;

/// <summary>
/// Type literals such as <c>[LayerStore.Container]</c> are looked up in the default load context only; as accelerators
/// the model's types are found all the same.
/// </summary>
internal static class TypeAccelerators
{
    private static readonly string[] ModelTypes =
    [
        "LayerStore.ByteSize",
        "LayerStore.ConfigurationProblem",
        "LayerStore.Container",
        "LayerStore.ContainerAllocation",
        "LayerStore.ContainerArchive",
        "LayerStore.ContainerChange",
        "LayerStore.ContainerFileCopy",
        "LayerStore.ContainerImage",
        "LayerStore.ContainerImageArchive",
        "LayerStore.ContainerLayer",
        "LayerStore.ContainerLayerArchive",
        "LayerStore.ContainerMount",
        "LayerStore.ContainerMountPoint",
        "LayerStore.ContainerSize",
        "LayerStore.ContainerVolume",
        "LayerStore.ContainerVolumeArchive",
        "LayerStore.DriverMeasurement",
        "LayerStore.DriverRecommendation",
        "LayerStore.DriverTestResult",
        "LayerStore.DriverWorkload",
        "LayerStore.Drivers.DriverOption",
        "LayerStore.Drivers.ProbeCheck",
        "LayerStore.Drivers.ProbeReport",
        "LayerStore.ErrorIds",
        "LayerStore.ImageHistoryEntry",
        "LayerStore.ImageUsage",
        "LayerStore.Images.RemovedItem",
        "LayerStore.LayerDifference",
        "LayerStore.PruneResult",
        "LayerStore.StorageDriver",
        "LayerStore.StorageInfo",
        "LayerStore.StorageKind",
        "LayerStore.StorageSetting",
        "LayerStore.StorageUsage",
        "LayerStore.StorageWorkload",
        "LayerStore.StoreErrorKind",
        "LayerStore.StoreException",
    ];

    /// <summary>Adds those that nobody else has taken.</summary>
    internal static void Register(Assembly library)
    {
        try
        {
            var accelerators = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators");
            if (accelerators?.GetProperty("Get")?.GetValue(null) is not IDictionary<string, Type> known)
                return;
            var add = accelerators.GetMethod("Add", [typeof(string), typeof(Type)]);
            foreach (var name in ModelTypes)
            {
                if (!known.ContainsKey(name) && library.GetType(name) is { } type)
                    add?.Invoke(null, [name, type]);
            }
        }
        catch (Exception exception) when (exception is TargetInvocationException or MemberAccessException or AmbiguousMatchException)
        {
            // PowerShell's table is no public contract: without it literals are missing, and everything else works.
        }
    }
}
