namespace LayerStore.Help.Pages;

/// <summary>A parameter in one parameter set, or in all.</summary>
internal sealed record ParameterSetFacts
{
    /// <summary>How platyPS calls all sets.</summary>
    internal const string All = "(All)";

    /// <summary>How platyPS calls the position of what has none.</summary>
    internal const string Named = "Named";

    public required string Name { get; init; }

    public string Position { get; init; } = Named;

    public bool IsRequired { get; init; }

    public bool ValueFromPipeline { get; init; }

    public bool ValueFromPipelineByPropertyName { get; init; }

    public bool ValueFromRemainingArguments { get; init; }
}
