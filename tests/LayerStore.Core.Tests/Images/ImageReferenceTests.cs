namespace LayerStore.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("alpine:3.20", "docker.io/library/alpine:3.20", "alpine:3.20")]
    [InlineData("springpetclinic:1.0", "docker.io/library/springpetclinic:1.0", "springpetclinic:1.0")]
    [InlineData("library/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("docker.io/library/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("index.docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("index.docker.io/library/alpine:1", "docker.io/library/alpine:1", "alpine:1")]
    [InlineData("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest")]
    [InlineData("user/app:v1", "docker.io/user/app:v1", "user/app:v1")]
    [InlineData("quay.io/a/b", "quay.io/a/b:latest", "quay.io/a/b:latest")]
    [InlineData("localhost/app", "localhost/app:latest", "localhost/app:latest")]
    [InlineData("localhost:5000/team/app:1.0", "localhost:5000/team/app:1.0", "localhost:5000/team/app:1.0")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000", "localhost:5000")]
    [InlineData("127.0.0.1:5000/x", "127.0.0.1:5000/x:latest", "127.0.0.1:5000/x:latest")]
    [InlineData("[2001:db8::1]:5000/x:y", "[2001:db8::1]:5000/x:y", "[2001:db8::1]:5000/x:y")]
    [InlineData("[::1]/x", "[::1]/x:latest", "[::1]/x:latest")]
    [InlineData("Uppercase/lowercase", "Uppercase/lowercase:latest", "Uppercase/lowercase:latest")]
    [InlineData("Foo.bar/x", "Foo.bar/x:latest", "Foo.bar/x:latest")]
    [InlineData("a_b/c__d/e-f/g--h/i.j", "docker.io/a_b/c__d/e-f/g--h/i.j:latest", "a_b/c__d/e-f/g--h/i.j:latest")]
    [InlineData("foo_bar.com:8080", "docker.io/library/foo_bar.com:8080", "foo_bar.com:8080")]
    [InlineData("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com/myimage:xn--n3h.com")]
    [InlineData("app:UPPER_tag-1.2", "docker.io/library/app:UPPER_tag-1.2", "app:UPPER_tag-1.2")]
    public void A_valid_reference_has_one_canonical_and_one_familiar_form(string text, string canonical, string familiar)
    {
        var reference = ImageReference.Parse(text);

        Assert.Equal(canonical, reference.Canonical);
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(reference, ImageReference.Parse(reference.Canonical));
        Assert.Equal(reference, ImageReference.Parse(reference.Familiar));
    }

    [Fact]
    public void A_digest_needs_no_tag_and_rules_where_both_are_given()
    {
        var both = ImageReference.Parse($"docker.io/library/alpine:3@sha256:{Hex}");

        Assert.Equal($"docker.io/library/alpine@sha256:{Hex}", both.Canonical);
        Assert.Equal($"alpine:3@sha256:{Hex}", both.Familiar);
        Assert.Null(ImageReference.Parse($"alpine@sha256:{Hex}").Tag);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(Hex, "64 hexadecimal")]
    [InlineData("Alpine", "lower-case")]
    [InlineData("docker.io/Library/alpine", "lower-case")]
    [InlineData("test:5000/Uppercase/lowercase:tag", "lower-case")]
    [InlineData("lowercase:Uppercase/x", "registry")]
    [InlineData(":justtag", "missing")]
    [InlineData("repo@sha256:short", "'@'")]
    [InlineData("repo@md5:0123456789abcdef0123456789abcdef", "'@'")]
    [InlineData("repo@SHA256:" + Hex, "'@'")]
    [InlineData("@sha256:" + Hex, "missing")]
    [InlineData("aa/asdf$$^/aa", "components")]
    [InlineData("a//b", "components")]
    [InlineData("a/", "components")]
    [InlineData("/a", "registry")]
    [InlineData("-foo/bar", "components")]
    [InlineData("foo/bar-", "components")]
    [InlineData("foo/-bar", "components")]
    [InlineData("foo/bar._baz", "components")]
    [InlineData("foo___bar", "components")]
    [InlineData("foo..bar", "components")]
    [InlineData("foo.-bar", "components")]
    [InlineData("_foo", "components")]
    [InlineData("-foo.com/x", "registry")]
    [InlineData("foo-.com/x", "registry")]
    [InlineData("foo..com/x", "registry")]
    [InlineData("foo.com:port/x", "registry")]
    [InlineData("[fe80::1%eth0]:5000/x", "registry")]
    [InlineData("2001:db8::1/x", "registry")]
    [InlineData("alpine:", "tag")]
    [InlineData("alpine:.x", "tag")]
    [InlineData("alpine:-x", "tag")]
    [InlineData("alpine:a b", "tag")]
    [InlineData("validname@invaliddigest", "'@'")]
    [InlineData("../../etc/passwd", "registry")]
    [InlineData("a/../b", "components")]
    [InlineData("a\nb", "components")]
    [InlineData("é", "components")]
    public void An_invalid_reference_is_refused_with_what_is_wrong(string text, string reason)
    {
        var error = Assert.Throws<StoreException>(() => ImageReference.Parse(text));

        Assert.Equal(ErrorIds.ReferenceInvalid, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(ImageReference.TryParse(text, out _));
    }

    [Fact]
    public void The_longest_names_are_accepted_and_one_character_more_is_not()
    {
        var longest = string.Concat(Enumerable.Repeat("a/", 127)) + "a";
        Assert.Equal(255, longest.Length);
        Assert.True(ImageReference.TryParse("x.io/" + longest, out _));
        Assert.False(ImageReference.TryParse("x.io/" + longest + "b", out _, out var reason));
        Assert.Contains("255", reason, StringComparison.Ordinal);

        Assert.True(ImageReference.TryParse("a:" + new string('t', 128), out _));
        Assert.False(ImageReference.TryParse("a:" + new string('t', 129), out _));
    }

    [Fact]
    public void Tag_and_digest_can_be_exchanged()
    {
        var reference = ImageReference.Parse("quay.io/a/b:1");

        Assert.Equal("quay.io/a/b:2", reference.WithTag("2").Canonical);
        Assert.Equal($"quay.io/a/b@sha256:{Hex}", reference.WithDigest(Digest.Parse("sha256:" + Hex)).Canonical);
        Assert.Equal(ErrorIds.ReferenceInvalid, Assert.Throws<StoreException>(() => reference.WithTag("a/b")).ErrorId);
    }
}
