namespace LayerStore.PS.Completion;

/// <summary>Something to offer.</summary>
/// <param name="Text">What is typed.</param>
/// <param name="ToolTip">What is said about it.</param>
internal readonly record struct Candidate(string Text, string ToolTip = "");
