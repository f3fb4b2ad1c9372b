namespace LayerStore.Tests.Model;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("etc/passwd", "etc/passwd")]
    [InlineData("naïve/文件/😀", "naïve/文件/😀")]
    [InlineData("a\u001b[31mred", "a\\u001b[31mred")]
    [InlineData("two\nlines\0", "two\\u000alines\\u0000")]
    [InlineData("right\u202eleft", "right\\u202eleft")]
    public void Escapes_what_a_terminal_would_obey(string text, string expected) => Assert.Equal(expected, Printable.Escape(text));

    [Fact]
    public void Shows_bytes_that_are_no_text() => Assert.Equal("a\\xff\\xfeb", Printable.Escape([(byte)'a', 0xff, 0xfe, (byte)'b']));
}
