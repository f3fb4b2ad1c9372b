using System.Globalization;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The texts of the views, value by value; the expectations were taken from Docker's command line.</summary>
public sealed class FormattingTests : IClassFixture<Session>
{
    private const string Text = "[LayerStore.PS.Formatting.DockerText]";

    private readonly Session _session;

    public FormattingTests(Session session) => _session = session;

    [Theory]
    [InlineData("0", "Less than a second ago")]
    [InlineData("1.2", "1 second ago")]
    [InlineData("2.1", "2 seconds ago")]
    [InlineData("59.2", "59 seconds ago")]
    [InlineData("60.5", "About a minute ago")]
    [InlineData("121", "2 minutes ago")]
    [InlineData("3599", "59 minutes ago")]
    [InlineData("3601", "About an hour ago")]
    [InlineData("5300", "About an hour ago")]
    [InlineData("5401", "2 hours ago")]
    [InlineData("170900", "47 hours ago")]
    [InlineData("172900", "2 days ago")]
    [InlineData("1209700", "2 weeks ago")]
    [InlineData("1814500", "3 weeks ago")]
    [InlineData("5184100", "2 months ago")]
    [InlineData("63073000", "2 years ago")]
    [InlineData("-5", "Less than a second ago")]
    public void Ages_are_in_dockers_words(string seconds, string expected) =>
        Assert.Equal(expected, Evaluate($"Age([datetime]::UtcNow.AddSeconds(-({seconds})))"));

    [Fact]
    public void An_age_does_not_depend_on_the_kind_of_time() =>
        Assert.Equal("2 hours ago", Evaluate("Age([datetime]::Now.AddHours(-2))"));

    [Fact]
    public void Nobody_knows_the_age_of_an_image_without_a_date() => Assert.Equal("N/A", Evaluate("Age($null)"));

    [Theory]
    [InlineData("sh", "\"sh\"")]
    [InlineData("12345678901234567890", "\"12345678901234567890\"")]
    [InlineData("123456789012345678901", "\"1234567890123456789…\"")]
    [InlineData("a`tb", "\"a\\tb\"")]
    [InlineData("say `\"hi`\"", "\"say \\\"hi\\\"\"")]
    [InlineData("`e[31m", "\"\\x1b[31m\"")]
    [InlineData("日本語日本語日本語日本語", "\"日本語日本語日本語…\"")]
    [InlineData("", "\"\"")]
    public void Commands_are_quoted_and_shortened(string command, string expected) =>
        Assert.Equal(expected, Evaluate($"Command(\"{command}\", $null)"));

    [Theory]
    [InlineData("$null, $null", "")]
    [InlineData("0, 1982020", "0B (virtual 1.98MB)")]
    [InlineData("108890, 2090910", "109kB (virtual 2.09MB)")]
    [InlineData("999999, 999999999", "1MB (virtual 1GB)")]
    public void Sizes_have_three_digits_in_decimal_units(string sizes, string expected) =>
        Assert.Equal(expected, Evaluate($"SizeWithVirtual({sizes})"));

    [Theory]
    [InlineData("sha256:8a86c9c7acf7e5a6c21c", "8a86c9c7acf7")]
    [InlineData("8a86c9c7acf7e5a6c21c", "8a86c9c7acf7")]
    [InlineData("<missing>", "<missing>")]
    public void Ids_are_shortened_to_12_digits(string id, string expected) => Assert.Equal(expected, Evaluate($"ShortId('{id}')"));

    [Fact]
    public void Nothing_that_comes_from_an_archive_reaches_the_terminal_as_it_is()
    {
        Assert.Equal("\\u001b]0;x\\u0007", Evaluate("Plain(\"`e]0;x`a\")"));
        Assert.Equal("\\u001b[2J", Evaluate("CreatedBy(\"`e[2J\", $null)"));
        Assert.Equal("a\\u202eb", Evaluate("ImageName(\"a`u{202e}b\")"));
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            using var turkish = new Session(80, "tr-TR");
            Assert.Equal("1.98MB", turkish.Run("[cultureinfo]::CurrentCulture = 'tr-TR'; [LayerStore.PS.Formatting.DockerText]::Size(1982020)").Single().ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private string Evaluate(string call) => _session.Run($"{Text}::{call}").Single().ToString();
}
