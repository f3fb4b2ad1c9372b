using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>A test that needs older versions of libraries, which NuGet has.</summary>
public sealed class OlderTheoryAttribute : TheoryAttribute
{
    public OlderTheoryAttribute() => Skip = OtherLibraries.MissingOlder;
}
