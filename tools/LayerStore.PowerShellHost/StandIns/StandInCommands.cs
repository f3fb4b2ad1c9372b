using System.Management.Automation.Runspaces;

namespace LayerStore.PowerShellHost.StandIns;

/// <summary>Everyday commands that PowerShell's own modules would bring and the bare engine lacks.</summary>
/// <remarks>For people and scripts at this host's prompt; the module itself and its tests use none of them.</remarks>
internal static class StandInCommands
{
    public static void AddTo(InitialSessionState state)
    {
    }
}
