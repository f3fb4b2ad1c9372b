namespace LayerStore.Help.Pages;

/// <summary>A parameter: what the author says of it, and what the code says.</summary>
internal sealed record PageParameter(string Name, string Description, ParameterFacts Facts);
