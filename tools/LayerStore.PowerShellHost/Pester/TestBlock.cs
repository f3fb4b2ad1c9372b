using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>One Describe or Context, or the file itself as the root, found in the discovery.</summary>
internal sealed class TestBlock
{
    private readonly Dictionary<SetupKind, ScriptBlock> _setups = [];

    public required string Name { get; init; }

    public required TestBlock? Parent { get; init; }

    public required TestData Data { get; init; }

    /// <summary>Why everything in the block is left out; null where it runs.</summary>
    public string? SkipReason { get; init; }

    /// <summary>Tests and blocks in the order of the file.</summary>
    public List<object> Items { get; } = [];

    /// <summary>The name with its <c>&lt;templates&gt;</c> filled in, once that was possible.</summary>
    public string? ExpandedName { get; set; }

    public bool IsRoot => Parent is null;

    public string Path => Parent is null or { IsRoot: true } ? ExpandedName ?? Name : $"{Parent.Path}.{ExpandedName ?? Name}";

    /// <summary>True where no test in here is to run: then no setup runs either.</summary>
    public bool IsIdle => !AllTests().Any(test => test.SkipReason is null);

    public ScriptBlock? Setup(SetupKind kind) => _setups.GetValueOrDefault(kind);

    /// <summary>Records a setup.</summary>
    /// <exception cref="InvalidOperationException">The block has one already.</exception>
    public void Add(SetupKind kind, ScriptBlock body)
    {
        if (!_setups.TryAdd(kind, body))
        {
            throw new InvalidOperationException($"The block '{Name}' has two {kind}; a block may have one.");
        }
    }

    /// <summary>Setups of this kind from the root down to this block.</summary>
    public IEnumerable<ScriptBlock> SetupsFromRoot(SetupKind kind)
    {
        var outer = Parent?.SetupsFromRoot(kind) ?? [];
        return Setup(kind) is { } own ? outer.Append(own) : outer;
    }

    public IEnumerable<TestCase> AllTests()
        => Items.SelectMany(item => item is TestBlock block ? block.AllTests() : [(TestCase)item]);
}
