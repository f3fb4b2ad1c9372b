using System.Globalization;
using System.Text.Json.Nodes;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>A registry in memory that can be made to do wrong: it serves what an OCI layout holds, in any repository; the tag of its first entry is whatever is asked for.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly Dictionary<string, byte[]> _blobs;
    private string _root;
    private int _uploads;

    public FakeRegistry(ArchiveFiles layout)
    {
        _blobs = layout.Names.Where(name => name.StartsWith("blobs/sha256/", StringComparison.Ordinal)).ToDictionary(name => "sha256:" + name["blobs/sha256/".Length..], name => layout[name]);
        _root = JsonNode.Parse(layout["index.json"])!["manifests"]![0]!["digest"]!.GetValue<string>();
        Server = new TestServer(request => Before?.Invoke(request) ?? Serve(request));
    }

    /// <summary>An empty one.</summary>
    public FakeRegistry()
    {
        (_blobs, _root) = ([], "");
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

    /// <summary>Uploads that were begun and neither completed nor called off, with what came of them.</summary>
    public Dictionary<string, byte[]> Uploads { get; } = [];

    /// <summary>Repositories from which blobs may be mounted.</summary>
    public HashSet<string> Mountable { get; } = [];

    /// <summary>The requests for blobs so far.</summary>
    public IReadOnlyList<TestRequest> BlobRequests => [.. Server.Requests.Where(request => request.Path.Contains("/blobs/", StringComparison.Ordinal))];

    /// <summary>What a registry that keeps to the rules says.</summary>
    public TestReply Serve(TestRequest request)
    {
        var name = request.Path[(request.Path.LastIndexOf('/') + 1)..];
        if (request.Path == "/v2/")
            return new TestReply(200);
        if (request.Method is "POST" or "PATCH" or "PUT" or "DELETE" || request.Path.Contains("/uploads/", StringComparison.Ordinal))
        {
            lock (Uploads)
                return Take(request, name);
        }
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

    private TestReply Take(TestRequest request, string name)
    {
        if (request.Path.Contains("/manifests/", StringComparison.Ordinal))
        {
            _root = ImageBuilder.DigestOf(request.Body).ToString();
            _blobs[_root] = request.Body;
            return new TestReply(201);
        }
        if (request.Method == "POST")
        {
            var query = System.Web.HttpUtility.ParseQueryString(request.Target.Contains('?', StringComparison.Ordinal) ? request.Target.Split('?')[1] : "");
            if (query["mount"] is { } digest && Mountable.Contains(query["from"]!))
                return new TestReply(201);
            name = $"upload{++_uploads}";
            Uploads[name] = [];
            return new TestReply(202, "", ("Location", request.Path + name + "?state=1"));
        }
        if (!Uploads.TryGetValue(name, out var content))
            return new TestReply(404, """{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN","message":"upload unknown"}]}""");
        (string, string)[] headers = [("Location", request.Path + "?state=2"), ("Range", $"0-{Math.Max(0, content.Length - 1)}")];
        if (request.Method == "GET")
            return new TestReply(204, "", headers);
        if (request.Method == "DELETE")
            return new TestReply(Uploads.Remove(name) ? 204 : 404);
        if (request.Method == "PATCH" && request.Header("content-range") != $"{content.Length}-{content.Length + request.Body.Length - 1}")
            return new TestReply(416, "", headers);
        Uploads[name] = content = [.. content, .. request.Body];
        if (request.Method == "PATCH")
            return new TestReply(202, "", headers);
        var claimed = Uri.UnescapeDataString(request.Target.Split("digest=")[1]);
        Uploads.Remove(name);
        if (ImageBuilder.DigestOf(content).ToString() != claimed)
            return new TestReply(400, """{"errors":[{"code":"DIGEST_INVALID","message":"digest invalid"}]}""");
        _blobs[claimed] = content;
        return new TestReply(201);
    }
}
