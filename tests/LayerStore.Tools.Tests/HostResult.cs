namespace LayerStore.Tools.Tests;

/// <summary>What a run of the host came to.</summary>
internal sealed record HostResult(int ExitCode, string Output, string Error);
