namespace LayerStore.Help.Pages;

/// <summary>Where to read on: a file of the repository or an address.</summary>
internal sealed record PageLink(string Text, string Target);
