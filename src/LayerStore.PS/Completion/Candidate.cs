namespace LayerStore.PS.Completion;

/// <summary>Something to offer.</summary>
/// <param name="Text">What is typed.</param>
/// <param name="ToolTip">What is said about it.</param>
/// <param name="IsId">True for an id that stands for something with a name: it is offered only to those who began to type one.</param>
internal readonly record struct Candidate(string Text, string ToolTip = "", bool IsId = false);
