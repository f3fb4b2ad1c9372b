using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace LayerStore.PowerShellHost.StandIns;

/// <summary>Gives the engine's own formatter to a Format-* command: the public base class has it in an internal field only.</summary>
internal static class EngineFormatter
{
    public static void Attach(PSCmdlet command, string shape)
    {
        var assembly = typeof(OuterFormatTableBase).Assembly;
        var shapeType = assembly.GetType("Microsoft.PowerShell.Commands.Internal.Format.FormatShape", throwOnError: true)!;
        var formatterType = assembly.GetType("Microsoft.PowerShell.Commands.Internal.Format.InnerFormatShapeCommand", throwOnError: true)!;
        const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var formatter = Activator.CreateInstance(formatterType, Internal, binder: null, [Enum.Parse(shapeType, shape)], culture: null);
        typeof(FrontEndCommandBase).GetField("implementation", Internal)!.SetValue(command, formatter);
    }
}
