using System.Text.Json.Nodes;
using LayerStore.Archives;
using LayerStore.Registries;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>What a push sends, what it leaves out, and how it ends where something breaks.</summary>
public sealed class PushTests : IDisposable
{
    // More than one part of an upload, incompressible.
    private const int LargeBytes = 20 << 20;

    private readonly RegistryStore _store = new();
    private readonly FakeRegistry _registry = new();

    public void Dispose()
    {
        _registry.Dispose();
        _store.Dispose();
    }

    private string Target => _registry.Server.Authority + "/team/app:1";

    [Theory]
    [InlineData(null, "+gzip")]
    [InlineData(CompressionKind.Zstd, "+zstd")]
    [InlineData(CompressionKind.None, "")]
    public void What_was_pushed_is_pulled_as_the_same_image(CompressionKind? compression, string suffix)
    {
        var image = _store.Import(new ImageBuilder("app:1").Layer(("a", "1")).Layer(layer => layer.Whiteout("a").File("b", "2")));

        var pushed = _store.Push("app:1", Target, new PushOptions { Compression = compression });

        Assert.Equal((Target, _registry.Digest), (pushed.Reference, pushed.Digest));
        Assert.All(JsonNode.Parse(_registry.Blobs[_registry.Digest])!["layers"]!.AsArray(), layer => Assert.EndsWith(".tar" + suffix, layer!["mediaType"]!.GetValue<string>(), StringComparison.Ordinal));
        using var other = new RegistryStore();
        var pulled = other.Pull(Target);
        Assert.Equal((image.Id, pushed.Digest), (pulled.Id, pulled.Digest));
        Assert.Equal(image.Layers.Select(layer => _store.Store.Layers.Get(layer).DiffId), pulled.Layers.Select(layer => other.Store.Layers.Get(layer).DiffId));
        Assert.Empty(_registry.Uploads);
    }

    [Fact]
    public void The_same_image_gives_the_same_manifest_and_is_sent_once()
    {
        _store.Import(new ImageBuilder("app:1").Layer(("a", "1")));
        var first = _store.Push("app:1", Target).Digest;
        var before = _registry.Server.Requests.Count;

        Assert.Equal(first, _store.Push("app:1", Target).Digest);

        Assert.DoesNotContain(_registry.Server.Requests.Skip(before), request => request.Method is "POST" or "PATCH");
        using var other = new FakeRegistry();
        Assert.Equal(first, _store.Push("app:1", other.Server.Authority + "/else:2").Digest);
    }

    [Fact]
    public void An_image_keeps_its_manifest_where_the_registry_has_its_blobs_or_they_come_out_the_same()
    {
        using var source = new FakeRegistry(new ImageBuilder { Compression = CompressionKind.Zstd }.Layer(("a", "1")));
        _store.Pull(source.Reference);
        Assert.Equal(source.Digest, _store.Push(source.Reference, source.Server.Authority + "/team/app:2").Digest);
        Assert.DoesNotContain(source.Server.Requests, request => request.Method == "POST");

        // Plain layers are what they were.
        using var plain = new FakeRegistry(new ImageBuilder { DockerMediaTypes = true }.Layer(("b", "1")));
        _store.Pull(plain.Reference);
        Assert.Equal(plain.Digest, _store.Push(plain.Reference, Target).Digest);
    }

    [Fact]
    public void Blobs_of_other_repositories_are_mounted()
    {
        using var source = new FakeRegistry(new ImageBuilder { Compression = CompressionKind.Gzip }.Layer(("a", "1")));
        source.Mountable.Add("team/app");
        source.Before = request => request.Path.StartsWith("/v2/else/blobs/sha256", StringComparison.Ordinal) ? new TestReply(404) : null;
        _store.Pull(source.Reference);

        Assert.Equal(source.Digest, _store.Push(source.Reference, source.Server.Authority + "/else:1").Digest);

        Assert.Contains(source.Server.Requests, request => request.Target.Contains("mount=sha256", StringComparison.Ordinal) && request.Target.Contains("from=team%2Fapp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_large_layer_goes_in_parts_and_a_part_that_breaks_is_sent_again()
    {
        Large();
        var parts = 0;
        _registry.Before = request =>
        {
            if (request.Method != "PATCH" || ++parts % 2 == 1)
                return null;
            // It took the part, and its answer is lost.
            _registry.Serve(request);
            return new TestReply(500) { CutAfter = 0 };
        };

        _store.Push("large:1", Target);

        Assert.True(parts >= 3, $"{parts} parts");
        using var other = new RegistryStore();
        Assert.Equal(_store.Store.Images.Get("large:1").Id, other.Pull(Target).Id);
    }

    [Fact]
    public void An_upload_that_is_lost_is_begun_again()
    {
        Large();
        var parts = 0;
        _registry.Before = request =>
        {
            if (request.Method == "PATCH" && ++parts == 2)
                lock (_registry.Uploads)
                    _registry.Uploads.Clear();
            return null;
        };

        _store.Push("large:1", Target);

        using var other = new RegistryStore();
        Assert.Equal(_store.Store.Images.Get("large:1").Id, other.Pull(Target).Id);
    }

    [Theory]
    [InlineData(401, ErrorIds.RegistryUnauthorized)]
    [InlineData(403, ErrorIds.RegistryDenied)]
    [InlineData(405, ErrorIds.RegistryProtocolError)]
    [InlineData(503, ErrorIds.RegistryBusy)]
    public void A_registry_that_takes_nothing_is_named(int status, string errorId)
    {
        _store.Import(new ImageBuilder("app:1").Layer(("a", "1")));
        _registry.Before = request => request.Method == "POST" ? new TestReply(status) : null;

        var error = Assert.Throws<StoreException>(() => _store.Push("app:1", Target));

        Assert.Equal(errorId, error.ErrorId);
        Assert.DoesNotContain(_registry.Server.Requests, request => request.Path.Contains("/manifests/", StringComparison.Ordinal) && request.Method == "PUT");
    }

    [Fact]
    public void A_destination_is_a_name_with_a_tag()
    {
        var image = _store.Import(new ImageBuilder("app:1").Layer(("a", "1")));

        foreach (var destination in (string?[])[null, $"{_registry.Server.Authority}/a@{image.Id}", "A B"])
            Assert.Equal(ErrorIds.ReferenceInvalid, Assert.Throws<StoreException>(() => _store.Push(image.Id, destination)).ErrorId);
        Assert.Equal(ErrorIds.ImageNotFound, Assert.Throws<StoreException>(() => _store.Push("nobody:1", Target)).ErrorId);
        Assert.Empty(_registry.Server.Requests);
    }

    [Fact]
    public async Task Cancelling_calls_the_upload_off_and_leaves_the_tag_alone()
    {
        Large();
        using var cancel = new CancellationTokenSource();
        using var arrived = new ManualResetEventSlim();
        _registry.Before = request =>
        {
            if (request.Method == "PATCH")
            {
                arrived.Set();
                return new TestReply(202, new byte[10]) { CutAfter = 1, Stalls = true };
            }
            return null;
        };

        var push = Task.Run(() => _store.Push("large:1", Target, cancellation: cancel.Token));
        Assert.True(arrived.Wait(TimeSpan.FromSeconds(30)));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => push);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"it took {clock.Elapsed}");
        Assert.Empty(_registry.Uploads);
        Assert.Equal("", _registry.Digest);
    }

    [Fact]
    public void Progress_says_how_far_each_layer_is()
    {
        _store.Import(new ImageBuilder("app:1").Layer(("a", "1")).Layer(("b", "2")));
        var seen = new System.Collections.Concurrent.ConcurrentBag<PushProgress>();

        _store.Push("app:1", Target, progress: new Recorder(seen));
        Assert.Equal([0, 1], seen.Where(step => step.State == PushState.Pushed && step.Bytes == step.TotalBytes).Select(step => step.LayerIndex).Order());
        seen.Clear();
        _store.Push("app:1", Target, progress: new Recorder(seen));
        Assert.All(seen, step => Assert.Equal(PushState.AlreadyExists, step.State));
    }

    private void Large()
    {
        var content = new byte[LargeBytes];
        new Random(2).NextBytes(content);
        _store.Import(new ImageBuilder("large:1").Layer(layer => layer.File("data", content)));
    }

    private sealed class Recorder(System.Collections.Concurrent.ConcurrentBag<PushProgress> seen) : IProgress<PushProgress>
    {
        public void Report(PushProgress value) => seen.Add(value);
    }
}
