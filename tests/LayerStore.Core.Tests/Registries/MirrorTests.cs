using LayerStore.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>A mirror that has an image's manifest and not all of its blobs, or stops in the middle, is helped out by the places behind it.</summary>
public sealed class MirrorTests : IDisposable
{
    private const int LargeBytes = 6 << 20;

    private readonly RegistryStore _store = new();
    private readonly ImageBuilder _image = new ImageBuilder { Compression = CompressionKind.Gzip }.Layer(layer => layer.File("a", RandomText(LargeBytes))).Layer(("b", "2"));
    private readonly FakeRegistry _registry, _first, _second;

    public MirrorTests() => (_registry, _first, _second) = (new FakeRegistry(_image), new FakeRegistry(_image), new FakeRegistry(_image));

    public void Dispose()
    {
        foreach (var registry in (FakeRegistry[])[_registry, _first, _second])
            registry.Dispose();
        _store.Dispose();
    }

    private LayerStore.Registries.RegistryOptions Options => RegistryStore.Options with { Mirrors = [_first.Server.Authority, _second.Server.Authority + "/hub"], MaxAttempts = 2 };

    private string Large => _first.Blobs.MaxBy(blob => blob.Value.Length).Key;

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(403)]
    public void A_blob_that_a_mirror_lacks_comes_from_the_next_one(int status)
    {
        _first.Before = request => request.Path.EndsWith(Large, StringComparison.Ordinal) ? new TestReply(status) : null;

        Assert.Equal(2, _store.Pull(_registry.Reference, Options).LayerCount);

        Assert.Equal(["/v2/hub/team/app/blobs/" + Large], _second.Server.Requests.Select(request => request.Path).Where(path => path != "/v2/"));
        Assert.Empty(_registry.Server.Requests);
    }

    [Fact]
    public void A_blob_that_no_mirror_has_comes_from_the_registry_itself()
    {
        _first.Before = _second.Before = request => request.Path.EndsWith(Large, StringComparison.Ordinal) ? new TestReply(404) : null;

        Assert.Equal(2, _store.Pull(_registry.Reference, Options).LayerCount);

        Assert.Equal(["/v2/team/app/blobs/" + Large], _registry.Server.Requests.Select(request => request.Path).Where(path => path != "/v2/"));
    }

    [Fact]
    public void A_mirror_that_breaks_off_is_left_at_that_byte()
    {
        var blob = _first.Blobs[Large];
        var broken = 0;
        // Half of it once, and nothing afterwards.
        _first.Before = request => !request.Path.EndsWith(Large, StringComparison.Ordinal) ? null
            : broken++ == 0 ? new TestReply(200, blob) { CutAfter = blob.Length / 2 } : new TestReply(500);

        Assert.Equal(2, _store.Pull(_registry.Reference, Options).LayerCount);

        var asked = Assert.Single(_second.BlobRequests, request => request.Path.EndsWith(Large, StringComparison.Ordinal));
        Assert.StartsWith("bytes=", asked.Header("range"), StringComparison.Ordinal);
        Assert.NotEqual("bytes=0-", asked.Header("range"));
    }

    [Fact]
    public void Where_nobody_has_it_the_registrys_own_answer_is_the_error()
    {
        _first.Before = _second.Before = _registry.Before = request => request.Path.EndsWith(Large, StringComparison.Ordinal) ? new TestReply(404) : null;
        var error = _store.PullFails(_registry.Reference, ErrorIds.RegistryBlobUnknown, Options);
        Assert.Contains(_registry.Server.Authority, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mirror_with_other_bytes_is_an_error_and_not_passed_over()
    {
        var other = (byte[])_first.Blobs[Large].Clone();
        other[^10] ^= 1;
        _first.Before = request => request.Path.EndsWith(Large, StringComparison.Ordinal) ? new TestReply(200, other) : null;
        _store.PullFails(_registry.Reference, ErrorIds.BlobDigestMismatch, Options);
    }

    private static string RandomText(int bytes)
    {
        var content = new byte[bytes * 3 / 4];
        new Random(1).NextBytes(content);
        return Convert.ToBase64String(content);
    }
}
