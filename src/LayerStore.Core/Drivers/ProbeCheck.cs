namespace LayerStore.Drivers;

/// <summary>One thing that a driver needs or likes, tried and not looked up.</summary>
/// <param name="Name">For example <c>d_type</c>.</param>
/// <param name="Passed">Whether it works here.</param>
/// <param name="Required">Whether the driver cannot do without.</param>
/// <param name="Evidence">What was tried and what came back.</param>
/// <param name="Remedy">What would make it pass; empty where it passed.</param>
public sealed record ProbeCheck(string Name, bool Passed, bool Required, string Evidence, string Remedy = "");
