namespace LayerStore;

/// <summary>Driver options by Docker's own names (<c>overlay2.size</c>), as the user gave them: names in any case, as Docker's drivers take them. A driver validates its own.</summary>
public sealed class DriverOptions : Dictionary<string, string>
{
    /// <summary>No options.</summary>
    public DriverOptions() : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}
