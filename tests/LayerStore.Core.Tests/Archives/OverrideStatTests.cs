using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Tests.Archives;

/// <summary>containers/storage's record of what an ordinary user could not do.</summary>
public sealed class OverrideStatTests
{
    [Theory]
    [InlineData("0:0:0755:dir", 0u, 0u, 0x41edu, 0u, 0u)]
    [InlineData("4294967294:7:4755:file", 4294967294u, 7u, 0x89edu, 0u, 0u)]
    [InlineData("1:2:0777:symlink", 1u, 2u, 0xa1ffu, 0u, 0u)]
    [InlineData("1:2:0644:pipe", 1u, 2u, 0x11a4u, 0u, 0u)]
    [InlineData("1:2:0644:socket", 1u, 2u, 0xc1a4u, 0u, 0u)]
    [InlineData("0:6:0660:block-259-12", 0u, 6u, 0x61b0u, 259u, 12u)]
    [InlineData("0:5:0666:char-1-3", 0u, 5u, 0x21b6u, 1u, 3u)]
    [InlineData("0:0:0644", 0u, 0u, 0x1a4u, 0u, 0u)]
    public void It_is_written_as_it_is_read(string text, uint uid, uint gid, uint mode, uint major, uint minor)
    {
        Assert.True(OverrideStat.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var stat));
        Assert.Equal(new OverrideStat(uid, gid, mode, major, minor), stat);
        Assert.Equal(text, stat.ToString());
        Assert.Equal(mode & Libc.S_IFMT, stat.Type);
    }

    [Theory]
    [InlineData("0:0:755:file")]
    [InlineData("0:0:00755:file")]
    public void The_mode_may_have_any_leading_zeros(string text)
    {
        Assert.True(OverrideStat.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var stat));
        Assert.Equal("0:0:0755:file", stat.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0:0")]
    [InlineData("0:0:")]
    [InlineData("0:0:0888")]
    [InlineData("-1:0:0755")]
    [InlineData("4294967296:0:0755")]
    [InlineData("0:0:17777")]
    [InlineData("0:0:0755:what")]
    [InlineData("0:0:0755:char-1")]
    [InlineData("0:0:0755:block-1-")]
    [InlineData("0:0:0755:file:more")]
    [InlineData(" 0:0:0755")]
    public void What_is_malformed_is_refused(string text) => Assert.False(OverrideStat.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out _));
}
