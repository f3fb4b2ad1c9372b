using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>One It, or one row of its -ForEach, found in the discovery.</summary>
internal sealed class TestCase
{
    public required string Name { get; init; }

    public required TestBlock Block { get; init; }

    public required ScriptBlock Body { get; init; }

    public required TestData Data { get; init; }

    /// <summary>Why the test is left out; null where it runs.</summary>
    public string? SkipReason { get; init; }

    /// <summary>The name with its <c>&lt;templates&gt;</c> filled in, once that was possible.</summary>
    public string? ExpandedName { get; set; }

    public string Path => Block.IsRoot ? ExpandedName ?? Name : $"{Block.Path}.{ExpandedName ?? Name}";
}
