namespace LayerStore.Help.Pages;

/// <summary>What a page's YAML block says of a parameter: all of it follows from the code.</summary>
internal sealed record ParameterFacts
{
    /// <summary>The full name of the type.</summary>
    public required string Type { get; init; }

    /// <summary>What holds where the parameter is not given; empty where that is nothing.</summary>
    public string DefaultValue { get; init; } = "";

    public bool SupportsWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required IReadOnlyList<ParameterSetFacts> Sets { get; init; }

    public bool DontShow { get; init; }

    public IReadOnlyList<string> AcceptedValues { get; init; } = [];

    public string HelpMessage { get; init; } = "";

    /// <summary>The parameter as it is in one set, or null where it is not in it.</summary>
    internal ParameterSetFacts? In(string set) => Sets.FirstOrDefault(item => item.Name == set || item.Name == ParameterSetFacts.All);
}
