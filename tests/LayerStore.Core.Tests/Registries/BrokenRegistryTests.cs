using LayerStore.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>Registries that fail, lie or do harm: what may be tried again is, everything else is one clear error and nothing stays.</summary>
public sealed class BrokenRegistryTests : IDisposable
{
    private readonly RegistryStore _store = new();
    private readonly FakeRegistry _registry;
    private readonly string _layer;
    private int _count;

    public BrokenRegistryTests()
    {
        var random = new byte[3 << 20];
        new Random(1).NextBytes(random);
        _registry = new FakeRegistry(new ImageBuilder { Compression = CompressionKind.Gzip }.Layer(layer => layer.File("data", random)));
        _layer = _registry.Blobs.MaxBy(blob => blob.Value.Length).Key;
    }

    public void Dispose()
    {
        _registry.Dispose();
        _store.Dispose();
    }

    [Fact]
    public void A_download_that_breaks_goes_on_where_it_broke()
    {
        OnLayer((request, reply) => ++_count < 4 ? reply with { CutAfter = 500_000 } : reply);

        _store.Pull(_registry.Reference);

        Assert.Equal([null, "bytes=500000-", "bytes=1000000-", "bytes=1500000-"], LayerRequests().Select(request => request.Header("range")));
    }

    [Fact]
    public void A_registry_that_gives_no_ranges_gives_the_whole_again()
    {
        OnLayer((_, _) => new TestReply(200, _registry.Blobs[_layer]) with { CutAfter = ++_count == 1 ? 1_000_000 : null });

        _store.Pull(_registry.Reference);

        Assert.Equal(2, _count);
    }

    [Fact]
    public void A_connection_that_says_nothing_counts_as_broken()
    {
        OnLayer((_, reply) => ++_count == 1 ? reply with { CutAfter = 1000, Stalls = true } : reply);

        _store.Pull(_registry.Reference, RegistryStore.Options with { IdleTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(2, _count);
    }

    [Fact]
    public void A_download_that_never_gets_anywhere_ends()
    {
        OnLayer((_, reply) => reply with { CutAfter = 1 });

        _store.PullFails(_registry.Reference, ErrorIds.RegistryUnreachable);

        Assert.Equal(RegistryStore.Options.MaxAttempts, LayerRequests().Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public void What_may_pass_is_tried_again(int status)
    {
        _registry.Before = _ => ++_count % 2 == 1 ? new TestReply(status, "", ("Retry-After", "0")) : null;

        _store.Pull(_registry.Reference);

        Assert.Equal(6, _registry.Server.Requests.Count);
    }

    [Fact]
    public void Retry_After_is_waited_for()
    {
        _registry.Before = _ => ++_count == 1 ? new TestReply(429, "", ("Retry-After", "1")) : null;
        var clock = System.Diagnostics.Stopwatch.StartNew();

        _store.Pull(_registry.Reference);

        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(429, ErrorIds.RegistryBusy, 6)]
    [InlineData(500, ErrorIds.RegistryBusy, 6)]
    [InlineData(401, ErrorIds.RegistryUnauthorized, 1)]
    [InlineData(403, ErrorIds.RegistryDenied, 1)]
    [InlineData(404, ErrorIds.RegistryManifestUnknown, 1)]
    [InlineData(418, ErrorIds.RegistryProtocolError, 1)]
    public void What_stays_is_an_error_with_the_registrys_own_words(int status, string errorId, int requests)
    {
        _registry.Before = _ => new TestReply(status, """{"errors":[{"code":"ODD","message":"just \u001b[31mso"}]}""");

        var error = _store.PullFails(_registry.Reference, errorId);

        Assert.Contains("just \\u001b[31mso", error.Message, StringComparison.Ordinal);
        Assert.Equal(requests, _registry.Server.Requests.Count);
    }

    [Fact]
    public void A_blob_that_is_missing_is_named()
    {
        OnLayer((_, _) => new TestReply(404));

        Assert.Contains(_layer, _store.PullFails(_registry.Reference, ErrorIds.RegistryBlobUnknown).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_there_is_said_at_once() => _store.PullFails("127.0.0.1:1/a:1", ErrorIds.RegistryUnreachable);

    [Fact]
    public void A_layer_of_other_bytes_is_refused()
    {
        OnLayer((_, _) => new TestReply(200, [.. _registry.Blobs[_layer].Select(b => (byte)(b ^ 1))]));

        _store.PullFails(_registry.Reference, ErrorIds.BlobDigestMismatch);
    }

    [Fact]
    public void A_layer_of_another_length_is_refused_before_it_is_read()
    {
        OnLayer((_, _) => new TestReply(200, [.. _registry.Blobs[_layer], 0]));

        _store.PullFails(_registry.Reference, ErrorIds.BlobSizeMismatch);
    }

    [Fact]
    public void A_part_that_was_not_asked_for_is_refused()
    {
        OnLayer((request, reply) => request.Header("range") is null
            ? reply with { CutAfter = 1000 }
            : new TestReply(206, _registry.Blobs[_layer], ("Content-Range", $"bytes 0-{_registry.Blobs[_layer].Length - 1}/{_registry.Blobs[_layer].Length}")));

        _store.PullFails(_registry.Reference, ErrorIds.RegistryProtocolError);
    }

    [Fact]
    public void A_layer_without_an_end_ends()
    {
        OnLayer((_, _) => new TestReply(200, _registry.Blobs[_layer]) { Endless = true });

        _store.PullFails(_registry.Reference, ErrorIds.BlobSizeMismatch);
    }

    [Theory]
    [InlineData("/manifests/")]
    [InlineData("/blobs/")]
    public void Documents_without_an_end_end(string what)
    {
        _registry.Before = request => request.Path.Contains(what, StringComparison.Ordinal) ? new TestReply(200, " ") { Endless = true } : null;

        _store.PullFails(_registry.Reference, ErrorIds.ArchiveLimitExceeded);
    }

    [Fact]
    public void Headers_without_an_end_end()
    {
        _registry.Before = _ => new TestReply(200, "", ("X-Long", new string('x', 1 << 20)));

        _store.PullFails(_registry.Reference, ErrorIds.RegistryProtocolError);
    }

    [Theory]
    [InlineData("/manifests/")]
    [InlineData("/blobs/")]
    public void Documents_with_other_bytes_are_refused(string what)
    {
        _registry.Before = request => request.Path.Contains(what, StringComparison.Ordinal) ? _registry.Serve(request) with { Body = new byte[_registry.Serve(request).Body.Length] } : null;

        _store.PullFails($"{_registry.Server.Authority}/team/app@{_registry.Digest}", ErrorIds.BlobDigestMismatch);
    }

    [Fact]
    public void A_manifest_that_is_not_what_the_registry_claims_is_refused()
    {
        _registry.Before = request => request.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? new TestReply(200, _registry.Blobs[_registry.Digest], ("Docker-Content-Digest", "sha256:" + new string('0', 64)))
            : null;

        _store.PullFails(_registry.Reference, ErrorIds.BlobDigestMismatch);
    }

    [Fact]
    public void Credentials_do_not_follow_a_redirect_to_another_host()
    {
        using var elsewhere = new TestServer(request => new TestReply(200, _registry.Blobs[_layer]));
        _registry.Before = request => request.Header("authorization") is null
            ? new TestReply(401, "", ("WWW-Authenticate", "Basic realm=\"test\""))
            : request.Path.EndsWith(_layer, StringComparison.Ordinal) ? new TestReply(307, "", ("Location", elsewhere.Url + "/signed?x=1")) : null;

        _store.Pull(_registry.Reference, RegistryStore.Options with { Credential = new("alice", "secret") });

        Assert.Contains(_registry.Server.Requests, request => request.Header("authorization") is not null);
        Assert.Null(Assert.Single(elsewhere.Requests).Header("authorization"));
    }

    [Theory]
    [InlineData("http://192.0.2.1/blob", ErrorIds.RegistryInsecure)]
    [InlineData("file:///etc/passwd", ErrorIds.RegistryProtocolError)]
    public void A_redirect_out_of_what_is_trusted_is_refused(string location, string errorId)
    {
        OnLayer((_, _) => new TestReply(302, "", ("Location", location)));

        _store.PullFails(_registry.Reference, errorId);
    }

    [Fact]
    public void Redirects_in_a_circle_end()
    {
        OnLayer((request, _) => new TestReply(302, "", ("Location", request.Target)));

        _store.PullFails(_registry.Reference, ErrorIds.RegistryProtocolError);
    }

    [Theory]
    [InlineData("Bearer realm=\"http://192.0.2.1/token\",service=\"x\"", ErrorIds.RegistryInsecure)]
    [InlineData("Bearer realm=\"ftp://127.0.0.1/token\"", ErrorIds.RegistryProtocolError)]
    [InlineData("Bearer service=\"x\"", ErrorIds.RegistryProtocolError)]
    [InlineData("Negotiate abc", ErrorIds.RegistryUnauthorized)]
    public void A_challenge_that_must_not_be_answered_is_not(string challenge, string errorId)
    {
        _registry.Before = _ => new TestReply(401, "", ("WWW-Authenticate", challenge));

        _store.PullFails(_registry.Reference, errorId, RegistryStore.Options with { Credential = new("alice", "secret") });

        Assert.All(_registry.Server.Requests, request => Assert.Null(request.Header("authorization")));
    }

    [Fact]
    public void A_token_that_is_never_accepted_ends()
    {
        using var tokens = new TestServer(_ => new TestReply(200, """{"token":"abc"}"""));
        _registry.Before = _ => new TestReply(401, "", ("WWW-Authenticate", $"Bearer realm=\"{tokens.Url}\",service=\"s\""));

        _store.PullFails(_registry.Reference, ErrorIds.RegistryUnauthorized);

        Assert.InRange(tokens.Requests.Count, 1, 2);
    }

    [Theory]
    [InlineData("""{"token":"a\nb"}""")]
    [InlineData("""{"token":""}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public void A_token_that_is_none_is_refused(string answer)
    {
        using var tokens = new TestServer(_ => new TestReply(200, answer));
        _registry.Before = _ => new TestReply(401, "", ("WWW-Authenticate", $"Bearer realm=\"{tokens.Url}\""));

        _store.PullFails(_registry.Reference, ErrorIds.RegistryProtocolError);
    }

    [Fact]
    public void Plain_HTTP_is_for_loopback_only() =>
        // No address of the documentation's network answers, but TLS is what is tried, and nothing else.
        Assert.Contains("192.0.2.1", _store.PullFails("192.0.2.1:80/a:1", ErrorIds.RegistryUnreachable, RegistryStore.Options with { IdleTimeout = TimeSpan.FromSeconds(1), MaxAttempts = 1 }).Message, StringComparison.Ordinal);

    private void OnLayer(Func<TestRequest, TestReply, TestReply> change) =>
        _registry.Before = request => request.Path.EndsWith(_layer, StringComparison.Ordinal) ? change(request, _registry.Serve(request)) : null;

    private List<TestRequest> LayerRequests() => [.. _registry.Server.Requests.Where(request => request.Path.EndsWith(_layer, StringComparison.Ordinal))];
}
