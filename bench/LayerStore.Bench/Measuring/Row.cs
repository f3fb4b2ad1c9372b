namespace LayerStore.Bench.Measuring;

/// <summary>One piece of work, measured for everybody who does it in the same run.</summary>
internal sealed class Row(string name, string work)
{
    public string Name => name;

    public string Work => work;

    public List<Samples> Samples { get; } = [];

    public List<Goal> Goals { get; } = [];

    /// <summary>Measures that are no times (bytes), as they shall be printed.</summary>
    public List<(string Name, string Value, bool Reached, string Goal)> Facts { get; } = [];

    public Samples? Find(string contender) => Samples.Find(samples => samples.Name == contender);
}
