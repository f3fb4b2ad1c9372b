namespace LayerStore.Tests.Support;

/// <summary>A test that needs commands of the machine; skipped with the reason where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools)
    {
        Tools = tools;
        var missing = tools.Where(tool => !Find(tool)).ToList();
        if (missing.Count > 0)
            Skip = $"needs {string.Join(" and ", missing)} (apt-get install {string.Join(' ', missing)})";
    }

    public IReadOnlyList<string> Tools { get; }

    private static bool Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, tool)));
}
