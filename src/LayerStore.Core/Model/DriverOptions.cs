namespace LayerStore;

/// <summary>Driver options by Docker's own names (<c>overlay2.size</c>), as the user gave them; a driver validates its own.</summary>
public sealed class DriverOptions : Dictionary<string, string>
{
    /// <summary>No options.</summary>
    public DriverOptions() : base(StringComparer.Ordinal)
    {
    }
}
