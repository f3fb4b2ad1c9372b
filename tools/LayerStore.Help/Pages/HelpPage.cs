namespace LayerStore.Help.Pages;

/// <summary>
/// A page of help in platyPS's schema 2024-05-01 (Microsoft.PowerShell.PlatyPS 1.x). Prose is kept as it was written.
/// See https://learn.microsoft.com/powershell/utility-modules/platyps/.
/// </summary>
internal sealed record HelpPage
{
    /// <summary>The cmdlet's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where to read on the web; empty where nowhere.</summary>
    public string HelpUri { get; init; } = "";

    public required string Synopsis { get; init; }

    public required IReadOnlyList<SyntaxBlock> Syntax { get; init; }

    public required string Aliases { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<PageExample> Examples { get; init; }

    public required IReadOnlyList<PageParameter> Parameters { get; init; }

    public required string CommonParameters { get; init; }

    public required IReadOnlyList<TypeNote> Inputs { get; init; }

    public required IReadOnlyList<TypeNote> Outputs { get; init; }

    public required string Notes { get; init; }

    public required IReadOnlyList<PageLink> Links { get; init; }
}
