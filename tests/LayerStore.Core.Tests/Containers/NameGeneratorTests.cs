using LayerStore.Containers;

namespace LayerStore.Tests.Containers;

public sealed class NameGeneratorTests
{
    [Fact]
    public void Names_are_valid_and_rarely_the_same()
    {
        var names = Enumerable.Range(0, 500).Select(_ => NameGenerator.Next(_ => false)).ToList();
        Assert.All(names, ContainerName.Validate);
        Assert.All(names, name => Assert.Matches("^[a-z]+_[a-z]+$", name));
        Assert.True(names.Distinct().Count() > 400);
    }

    [Fact]
    public void A_taken_name_is_drawn_again()
    {
        var draws = 0;
        NameGenerator.Next(_ => ++draws < 10);
        Assert.Equal(10, draws);
    }

    [Fact]
    public void Where_every_pair_is_taken_a_number_follows() =>
        Assert.Matches("^[a-z]+_[a-z]+[0-9]+$", NameGenerator.Next(name => !char.IsAsciiDigit(name[^1])));
}
