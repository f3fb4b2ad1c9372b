using LayerStore.Configuration;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Configuration;

/// <summary>Two who change one file.</summary>
public sealed class ConfigurationChangeTests
{
    [Theory]
    [InlineData("driver: overlay2\n")]
    [InlineData(null)]
    public void A_file_that_somebody_else_changed_meanwhile_is_left_as_he_made_it(string? before)
    {
        using var place = new TestDirectory();
        var path = Path.Combine(place.Path, "layerstore.yaml");
        if (before is not null)
            File.WriteAllText(path, before);
        var change = new ConfigurationChange(path);
        change.Set("root", "/mine");
        File.WriteAllText(path, "root: /theirs\n");

        CompleteError.Of(ErrorIds.ConfigurationChanged, StoreErrorKind.InUse, path, path, change.Write);

        Assert.Equal("root: /theirs\n", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(place.Path));
    }
}
