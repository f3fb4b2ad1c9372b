namespace LayerStore.Tests.Images;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("amd64", "linux/amd64")]
    [InlineData("linux/x86_64", "linux/amd64")]
    [InlineData("linux/amd64/v1", "linux/amd64")]
    [InlineData("linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm64/8", "linux/arm64")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/armhf", "linux/arm/v7")]
    [InlineData("linux/armel", "linux/arm/v6")]
    [InlineData("Linux/I386", "linux/386")]
    public void Platforms_are_normalized(string text, string expected) => Assert.Equal(expected, Platform.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("linux/")]
    [InlineData("linux/a/b/c")]
    [InlineData("linux/am d64")]
    public void What_is_no_platform_is_refused(string text) =>
        Assert.Equal(ErrorIds.ReferenceInvalid, Assert.Throws<StoreException>(() => Platform.Parse(text)).ErrorId);

    [Theory]
    [InlineData("linux/amd64", "linux/amd64,linux/386", 0)]
    [InlineData("linux/amd64", "linux/arm64,linux/386", 1)]
    [InlineData("linux/amd64", "linux/arm64,windows/amd64", -1)]
    [InlineData("linux/amd64", "linux/amd64/v3", -1)]
    [InlineData("linux/amd64/v3", "linux/amd64,linux/amd64/v2,linux/386", 1)]
    [InlineData("linux/arm64", "linux/arm/v6,linux/arm/v7,linux/arm64", 2)]
    [InlineData("linux/arm64", "linux/arm/v6,linux/arm/v7", 1)]
    [InlineData("linux/arm/v7", "linux/arm/v5,linux/arm/v6,linux/arm64", 1)]
    [InlineData("linux/arm/v6", "linux/arm/v7", -1)]
    public void The_best_runnable_platform_wins(string machine, string offered, int expected)
    {
        var host = Platform.Parse(machine);
        var ranks = offered.Split(',').Select((text, index) => (Rank: host.Rank(Platform.Parse(text)), index)).Where(x => x.Rank is not null).ToList();

        Assert.Equal(expected, ranks.Count == 0 ? -1 : ranks.MinBy(x => x.Rank).index);
    }

    [Fact]
    public void This_machine_is_linux() => Assert.Equal("linux", Platform.Current.OperatingSystem);
}
