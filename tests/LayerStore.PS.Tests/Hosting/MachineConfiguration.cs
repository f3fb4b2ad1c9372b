using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LayerStore.PS.Tests.Hosting;

/// <summary>Keeps what this machine's administrators and users configured away from the tests.</summary>
internal static class MachineConfiguration
{
    internal const string PathVariable = "LAYERSTORE_CONFIG";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly is an application.")]
    internal static void Ignore()
    {
        Environment.SetEnvironmentVariable(PathVariable, "/dev/null");
        Environment.SetEnvironmentVariable("LAYERSTORE_DRIVER", null);
    }
}
