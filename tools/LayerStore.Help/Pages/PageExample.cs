namespace LayerStore.Help.Pages;

/// <summary>An example: what is typed, and perhaps a text before it, what it shows, and a text behind.</summary>
/// <param name="Title">The heading, as <c>Example 1: List all</c>.</param>
/// <param name="Introduction">Prose before the code; empty where there is none.</param>
/// <param name="Code">The lines to type.</param>
/// <param name="Output">What they show; null where the page does not say.</param>
/// <param name="Remarks">Prose behind; empty where there is none.</param>
internal sealed record PageExample(string Title, string Introduction, string Code, string? Output, string Remarks);
