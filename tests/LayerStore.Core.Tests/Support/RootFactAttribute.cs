using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>A test that mounts, and so needs root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Libc.Geteuid() != 0)
            Skip = "It mounts file systems, which needs root.";
    }
}

/// <summary>As <see cref="RootFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (Libc.Geteuid() != 0)
            Skip = "It mounts file systems, which needs root.";
    }
}
