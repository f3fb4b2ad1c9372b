namespace LayerStore.Drivers;

/// <summary>An option that a driver takes.</summary>
/// <param name="Name">Docker's name of it: <c>overlay2.size</c>.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Description">What it does, as a sentence.</param>
public sealed record DriverOption(string Name, DriverOptionType Type, string Description)
{
    /// <summary>The value where none is given; null where there is none, or where the driver finds one out.</summary>
    public string? Default { get; init; }

    /// <summary>The values of a <see cref="DriverOptionType.Choice"/>.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least that a size (in bytes), percentage or number may be.</summary>
    public long Minimum { get; init; }

    /// <summary>The most that a size (in bytes), percentage or number may be.</summary>
    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>Whether a user means this one: in any case, as Docker's drivers read names.</summary>
    internal bool IsMeantBy(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
