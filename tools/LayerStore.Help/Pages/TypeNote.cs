namespace LayerStore.Help.Pages;

/// <summary>A type that a cmdlet takes or gives, and what it means there.</summary>
internal sealed record TypeNote(string Type, string Description);
