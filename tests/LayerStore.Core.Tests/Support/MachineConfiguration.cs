using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LayerStore.Configuration;

namespace LayerStore.Tests.Support;

/// <summary>Keeps what this machine's administrators and users configured away from the tests.</summary>
internal static class MachineConfiguration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly is an application.")]
    internal static void Ignore()
    {
        Environment.SetEnvironmentVariable(ConfigurationFile.PathVariable, "/dev/null");
        Environment.SetEnvironmentVariable(EffectiveConfiguration.DriverVariable, null);
    }
}
