using System.Diagnostics.CodeAnalysis;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace LayerStore.PowerShellHost.StandIns;

/// <summary>Stand-in for Format-Custom, with the engine's own formatter.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class FormatCustomCommand : OuterFormatTableAndListBase
{
    public FormatCustomCommand() => EngineFormatter.Attach(this, "Complex");
}
