using System.Security.Cryptography;

namespace LayerStore.Tests.Model;

public sealed class DigestTests
{
    [Fact]
    public void Reads_what_it_writes()
    {
        var digest = Digest.FromSha256(SHA256.HashData("layer"u8));

        Assert.Equal(digest, Digest.Parse(digest.ToString()));
        Assert.Equal(12, digest.Short.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85\n")]
    public void Refuses_everything_else_by_an_id(string text)
    {
        Assert.False(Digest.TryParse(text, out _));
        var error = Assert.Throws<StoreException>(() => Digest.Parse(text));
        Assert.Equal(ErrorIds.DigestInvalid, error.ErrorId);
        Assert.DoesNotContain('\n', error.Message);
    }
}
