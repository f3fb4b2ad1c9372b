using System.Text.Json.Nodes;
using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>What a pull takes from a registry that keeps to the rules, and what it asks for.</summary>
public sealed class PullTests : IDisposable
{
    private readonly RegistryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(CompressionKind.None, false)]
    [InlineData(CompressionKind.Gzip, false)]
    [InlineData(CompressionKind.Gzip, true)]
    [InlineData(CompressionKind.Zstd, false)]
    public void An_image_comes_with_its_name_and_its_digest(CompressionKind compression, bool docker)
    {
        var builder = new ImageBuilder { Compression = compression, DockerMediaTypes = docker }.Layer(("etc/motd", "hello")).Layer(layer => layer.Whiteout("etc/motd").File("a", "b"));
        using var registry = new FakeRegistry(builder);

        var image = _store.Pull(registry.Reference);

        Assert.Equal(builder.Id, image.Id);
        Assert.Equal(registry.Reference, image.Reference);
        Assert.Equal(registry.Digest, image.Digest);
        Assert.Equal(builder.DiffIds.Select(id => id.ToString()), image.Layers.Select(layer => _store.Store.Layers.Get(layer).DiffId));
        Assert.Equal(image.Id, _store.Store.Images.Get($"{registry.Server.Authority}/team/app@{registry.Digest}").Id);
        // Each thing once: the manifest, the configuration, two layers.
        Assert.Equal(4, registry.Server.Requests.Count);
    }

    [Fact]
    public void By_digest_it_is_known_by_the_digest_alone()
    {
        using var registry = new FakeRegistry(new ImageBuilder().Layer(("a", "1")));

        var image = _store.Pull($"{registry.Server.Authority}/team/app@{registry.Digest}");

        Assert.Equal("<none>", image.Tag);
        Assert.Equal([$"{registry.Server.Authority}/team/app@{registry.Digest}"], image.References);
    }

    [Fact]
    public void Layers_that_are_there_are_not_asked_for()
    {
        var lower = new LayerContent().File("a", "1");
        _store.Import(new ImageBuilder("lower:1").Layer(lower));
        using var registry = new FakeRegistry(new ImageBuilder { Compression = CompressionKind.Gzip }.Layer(lower).Layer(("b", "2")));

        var image = _store.Pull(registry.Reference);

        Assert.Equal(2, image.LayerCount);
        // The configuration and the upper layer.
        Assert.Equal(2, registry.BlobRequests.Count);
        _store.Pull(registry.Reference);
        Assert.Equal(3, registry.BlobRequests.Count);
    }

    [Fact]
    public void Only_the_documents_of_the_platform_are_asked_for()
    {
        using var registry = new FakeRegistry(ImageBuilder.OciFilesOfPlatforms(null,
            new ImageBuilder { Architecture = "arm64" }.Layer(("arch", "arm64")),
            new ImageBuilder { Architecture = "amd64" }.Layer(("arch", "amd64")),
            new ImageBuilder { Architecture = "s390x" }.Layer(("arch", "s390x"))));

        var image = _store.Pull(registry.Reference, options: new ImportOptions { Platform = "linux/s390x" });

        Assert.Equal("s390x", image.Architecture);
        Assert.Equal(4, registry.Server.Requests.Count);
        // By the tag's digest too, which is the index's.
        Assert.Equal(image.Id, _store.Store.Images.Get($"{registry.Server.Authority}/team/app@{registry.Digest}").Id);
        var error = _store.PullFails(registry.Reference, ErrorIds.ImagePlatformNotFound, options: new ImportOptions { Platform = "linux/riscv64" });
        Assert.Contains("linux/arm64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_image_for_another_platform_is_refused_where_one_is_asked_for()
    {
        using var registry = new FakeRegistry(new ImageBuilder { Architecture = "arm64" }.Layer(("a", "1")));

        _store.PullFails(registry.Reference, ErrorIds.ImagePlatformNotFound, options: new ImportOptions { Platform = "linux/amd64" });

        Assert.Equal("arm64", _store.Pull(registry.Reference).Architecture);
    }

    [Fact]
    public void An_image_that_is_there_gets_the_manifest_that_it_comes_with()
    {
        var builder = new ImageBuilder("mine:1").Layer(("a", "1"));
        var imported = _store.Import(builder);
        using var registry = new FakeRegistry(builder);

        _store.Pull(registry.Reference);

        Assert.Null(imported.Digest);
        Assert.Equal(registry.Digest, _store.Store.Images.Get("mine:1").Digest);
    }

    [Fact]
    public void Names_given_replace_the_registrys()
    {
        using var registry = new FakeRegistry(new ImageBuilder().Layer(("a", "1")));

        Assert.Equal(["mine:1"], _store.Pull(registry.Reference, options: new ImportOptions { References = ["mine:1"] }).References);
    }

    [Fact]
    public void A_mirror_serves_first_and_one_that_cannot_is_passed_over()
    {
        var image = new ImageBuilder().Layer(("a", "1"));
        using var registry = new FakeRegistry(image);
        using var mirror = new FakeRegistry(image);
        using var empty = new TestServer(_ => new TestReply(404));
        var path = "/v2/hub/team/app/manifests/1";

        _store.Pull(registry.Reference, RegistryStore.Options with { Mirrors = ["127.0.0.1:1", empty.Authority, mirror.Server.Authority + "/hub"] });

        Assert.Contains(mirror.Server.Requests, request => request.Path == path);
        Assert.Contains(empty.Requests, request => request.Path == "/v2/team/app/manifests/1");
        Assert.Empty(registry.Server.Requests);
        _store.Pull(registry.Reference, RegistryStore.Options with { Mirrors = [empty.Authority] });
        Assert.NotEmpty(registry.Server.Requests);
        _store.PullFails(registry.Reference, ErrorIds.ArgumentInvalid, RegistryStore.Options with { Mirrors = ["a b"] });
    }

    [Fact]
    public void The_configuration_says_whom_to_ask_and_whom_to_trust()
    {
        var image = new ImageBuilder().Layer(("a", "1"));
        using var registry = new FakeRegistry(image);
        using var mirror = new FakeRegistry(image);
        var domain = registry.Server.Authority;

        _store.Pull(registry.Reference, RegistryStore.Options with { Registries = [new() { Name = domain, Mirrors = [$"http://{mirror.Server.Authority}/hub"] }] });

        Assert.NotEmpty(mirror.Server.Requests);
        Assert.Empty(registry.Server.Requests);
        var options = RegistryStore.Options with { Registries = [new() { Name = domain, Insecure = true, CertificateAuthority = "/etc/ours.pem", Mirrors = ["https://m"] }] };
        var own = options.For(domain.ToUpperInvariant());
        Assert.Equal((true, "/etc/ours.pem", "https://m"), (own.AllowInsecure, own.CertificateAuthority, Assert.Single(own.Mirrors)));
        Assert.Same(options, options.For("another.example"));
        own = (options with { CertificateAuthority = "/etc/given.pem", Mirrors = ["given"] }).For(domain);
        Assert.Equal(("/etc/given.pem", "given"), (own.CertificateAuthority, Assert.Single(own.Mirrors)));
    }

    [Fact]
    public void Progress_says_how_far_each_layer_is()
    {
        using var registry = new FakeRegistry(new ImageBuilder { Compression = CompressionKind.Gzip }.Layer(("a", "1")).Layer(("b", "2")));
        var seen = new System.Collections.Concurrent.ConcurrentBag<ImportProgress>();

        _store.Pull(registry.Reference, progress: new Recorder(seen));

        Assert.Equal([0, 1], seen.Where(step => step.State == ImportState.Complete).Select(step => step.LayerIndex).Order());
        Assert.All(seen.Where(step => step.State == ImportState.Extracted), step => Assert.Equal(step.TotalBytes, step.Bytes));
    }

    [Fact]
    public async Task Cancelling_stops_at_once_and_leaves_nothing()
    {
        using var registry = new FakeRegistry(new ImageBuilder().Layer(("a", new string('x', 100_000))));
        using var arrived = new ManualResetEventSlim();
        registry.Before = request =>
        {
            if (!request.Path.Contains("/blobs/", StringComparison.Ordinal) || registry.Blobs[request.Path[(request.Path.LastIndexOf('/') + 1)..]].Length < 50_000)
                return null;
            arrived.Set();
            return registry.Serve(request) with { CutAfter = 1000, Stalls = true };
        };
        var before = _store.Traces();
        using var cancel = new CancellationTokenSource();

        var pull = Task.Run(() => _store.Pull(registry.Reference, RegistryStore.Options with { IdleTimeout = TimeSpan.FromMinutes(5) }, cancellation: cancel.Token));
        Assert.True(arrived.Wait(TimeSpan.FromSeconds(30)));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"it took {clock.Elapsed}");
        Assert.Equal(before, _store.Traces());
    }

    [Fact]
    public void An_answer_without_a_type_is_read_by_what_it_says_itself()
    {
        using var registry = new FakeRegistry(new ImageBuilder().Layer(("a", "1")));
        registry.Before = request => request.Path.Contains("/manifests/", StringComparison.Ordinal) ? new TestReply(200, registry.Blobs[registry.Digest], ("Content-Type", "application/json")) : null;

        Assert.Equal(registry.Digest, _store.Pull(registry.Reference).Digest);
    }

    [Fact]
    public void A_manifest_of_schema_1_is_refused_by_name()
    {
        using var registry = new FakeRegistry(new ImageBuilder().Layer(("a", "1")));
        registry.Before = request => request.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? new TestReply(200, new JsonObject { ["schemaVersion"] = 1, ["fsLayers"] = new JsonArray() }.ToJsonString(), ("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws"))
            : null;

        Assert.Contains("schema 1", _store.PullFails(registry.Reference, ErrorIds.ManifestInvalid).Message, StringComparison.Ordinal);
    }

    private sealed class Recorder(System.Collections.Concurrent.ConcurrentBag<ImportProgress> seen) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => seen.Add(value);
    }
}
