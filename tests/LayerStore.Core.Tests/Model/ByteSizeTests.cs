using System.Globalization;

namespace LayerStore.Tests.Model;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData(0, "0B")]
    [InlineData(81, "81B")]
    [InlineData(999, "999B")]
    [InlineData(1000, "1kB")]
    [InlineData(108_890, "109kB")]
    [InlineData(1_000_000, "1MB")]
    [InlineData(1_048_576, "1.05MB")]
    [InlineData(10_485_760, "10.5MB")]
    [InlineData(401_234_567, "401MB")]
    [InlineData(long.MaxValue, "9.22EB")]
    public void Prints_three_digits_and_decimal_units_as_docker(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.Format(bytes));

    [Theory]
    [InlineData(999_499, "999kB")]
    [InlineData(999_500, "1MB")]
    [InlineData(999_999_999, "1GB")]
    public void Prints_the_next_unit_where_go_would_print_an_exponent(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.Format(bytes));

    [Theory]
    [InlineData(65_536, "65.54kB")]
    [InlineData(107_374_182_400, "107.4GB")]
    [InlineData(2_147_483_648, "2.147GB")]
    [InlineData(10_737_418_240, "10.74GB")]
    [InlineData(999_950, "1MB")]
    public void Prints_four_digits_as_docker_info(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.FormatWithFourDigits(bytes));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("10G", 10L << 30)]
    [InlineData("10gb", 10L << 30)]
    [InlineData("10GiB", 10L << 30)]
    [InlineData("1.5 k", 1536)]
    [InlineData("0", 0)]
    [InlineData("2T", 2L << 40)]
    public void Reads_storage_options_in_binary_units_as_docker(string text, long bytes)
    {
        Assert.True(ByteSize.TryParseBinary(text, out var parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("-1")]
    [InlineData("10X")]
    [InlineData("10 GG")]
    [InlineData("1e3")]
    [InlineData("8E8")]
    [InlineData("99999999999999999999")]
    public void Refuses_what_is_no_size(string text) => Assert.False(ByteSize.TryParseBinary(text, out _));

    [Fact]
    public void Prints_a_point_whatever_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("1.05MB (virtual 3.03MB)", ByteSize.FormatWithVirtual(1_048_576, 3_030_000));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
