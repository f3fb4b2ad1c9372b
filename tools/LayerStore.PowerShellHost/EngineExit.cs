using System.Management.Automation.Runspaces;
using System.Reflection;

namespace LayerStore.PowerShellHost;

/// <summary>Makes <c>exit N</c> of a script file end the host, as <c>pwsh -File</c> does.</summary>
internal static class EngineExit
{
    /// <summary>Asks the engine to hand the next script's <c>exit</c> on to the host.</summary>
    /// <remarks>The engine has no public way to ask: pwsh sets the same internal property.</remarks>
    public static void PassOn(Runspace runspace)
    {
        const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;
        var context = runspace.GetType().GetProperty("ExecutionContext", Internal)?.GetValue(runspace);
        context?.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Internal)?.SetValue(context, true);
    }
}
