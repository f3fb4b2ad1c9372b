using System.Diagnostics.CodeAnalysis;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace LayerStore.PowerShellHost.StandIns;

/// <summary>Stand-in for Format-Wide, with the engine's own formatter.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class FormatWideCommand : OuterFormatTableAndListBase
{
    public FormatWideCommand() => EngineFormatter.Attach(this, "Wide");
}
