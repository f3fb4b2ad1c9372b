using System.Globalization;
using System.Text.Json.Nodes;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>A registry in memory that can be made to do wrong: it serves what an OCI layout holds, in any repository; the tag of its first entry is whatever is asked for.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly Dictionary<string, byte[]> _blobs;
    private readonly string _root;

    public FakeRegistry(ArchiveFiles layout)
    {
        _blobs = layout.Names.Where(name => name.StartsWith("blobs/sha256/", StringComparison.Ordinal)).ToDictionary(name => "sha256:" + name["blobs/sha256/".Length..], name => layout[name]);
        _root = JsonNode.Parse(layout["index.json"])!["manifests"]![0]!["digest"]!.GetValue<string>();
        Server = new TestServer(request => Before?.Invoke(request) ?? Serve(request));
    }

    public FakeRegistry(ImageBuilder image)
        : this(ImageBuilder.OciFiles(image))
    {
    }

    public TestServer Server { get; }

    /// <summary>A reference to the image.</summary>
    public string Reference => Server.Authority + "/team/app:1";

    /// <summary>The digest of what the tag means.</summary>
    public string Digest => _root;

    /// <summary>The blobs by digest.</summary>
    public Dictionary<string, byte[]> Blobs => _blobs;

    /// <summary>Answers instead of the registry where it gives an answer.</summary>
    public Func<TestRequest, TestReply?>? Before { get; set; }

    /// <summary>The requests for blobs so far.</summary>
    public IReadOnlyList<TestRequest> BlobRequests => [.. Server.Requests.Where(request => request.Path.Contains("/blobs/", StringComparison.Ordinal))];

    /// <summary>What a registry that keeps to the rules says.</summary>
    public TestReply Serve(TestRequest request)
    {
        var name = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        if (request.Path == "/v2/")
            return new TestReply(200);
        if (request.Path.Contains("/manifests/", StringComparison.Ordinal))
        {
            if (!_blobs.TryGetValue(name.StartsWith("sha256:", StringComparison.Ordinal) ? name : _root, out var manifest))
                return new TestReply(404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
            return new TestReply(200, manifest, ("Content-Type", JsonNode.Parse(manifest)!["mediaType"]!.GetValue<string>()));
        }
        if (!_blobs.TryGetValue(name, out var blob))
            return new TestReply(404, """{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown"}]}""");
        if (request.Header("range") is { } range)
        {
            var from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            return new TestReply(206, blob[from..], ("Content-Range", $"bytes {from}-{blob.Length - 1}/{blob.Length}"));
        }
        return new TestReply(200, blob);
    }

    public void Dispose() => Server.Dispose();
}
