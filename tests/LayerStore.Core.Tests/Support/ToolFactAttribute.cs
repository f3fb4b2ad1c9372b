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
            Skip = $"needs {string.Join(" and ", missing)} (apt-get install {string.Join(' ', missing.Select(tool => tool is "docker" or "dockerd" ? "docker.io" : tool).Distinct())})";
    }

    /// <summary>True where they must be run by root.</summary>
    public bool Root
    {
        get;
        set
        {
            field = value;
            if (value && Linux.Libc.Geteuid() != 0)
                Skip ??= "needs root";
        }
    }

    public IReadOnlyList<string> Tools { get; }

    private static bool Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, tool)));
}
