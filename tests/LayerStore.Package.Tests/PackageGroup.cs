using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>The tests that share one package; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PackageGroup : ICollectionFixture<PackageFixture>
{
    public const string Name = "Package";
}
