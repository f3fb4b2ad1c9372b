namespace LayerStore.Tests.Support;

/// <summary>Environment variables for one test; each has its old value again afterwards. Only for tests of <see cref="EnvironmentCollection"/>.</summary>
internal sealed class EnvironmentScope : IDisposable
{
    private readonly List<(string Name, string? Value)> _before = [];

    public EnvironmentScope(params (string Name, string? Value)[] variables)
    {
        foreach (var (name, value) in variables)
            Set(name, value);
    }

    public void Set(string name, string? value)
    {
        _before.Add((name, Environment.GetEnvironmentVariable(name)));
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose()
    {
        foreach (var (name, value) in Enumerable.Reverse(_before))
            Environment.SetEnvironmentVariable(name, value);
    }
}

/// <summary>Tests that set environment variables run alone: the variables belong to the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EnvironmentCollection
{
    public const string Name = "Environment";
}
