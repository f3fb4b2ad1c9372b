using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>A token service for docker-registry: signs what is asked for, for alice all, for everybody pulls.</summary>
internal sealed class TokenServer : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly TestServer _server;

    public TokenServer()
    {
        _certificate = new CertificateRequest("CN=tokens", _key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
        _server = new TestServer(Serve);
    }

    public string Realm => _server.Url + "/token";

    /// <summary>What its registry trusts.</summary>
    public string CertificateFile => _directory["tokens.pem"];

    /// <summary>How often it was asked, by scope.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new();

    public void Dispose()
    {
        _server.Dispose();
        _certificate.Dispose();
        _key.Dispose();
        _directory.Dispose();
    }

    private TestReply Serve(TestRequest request)
    {
        var scopes = request.Target.Split('?')[1].Split('&').Where(field => field.StartsWith("scope=", StringComparison.Ordinal)).Select(field => Uri.UnescapeDataString(field["scope=".Length..])).ToList();
        Asked.AddOrUpdate(string.Join(' ', scopes), 1, (_, count) => count + 1);
        var user = request.Header("authorization") is { } basic ? Encoding.UTF8.GetString(Convert.FromBase64String(basic["Basic ".Length..])) : null;
        if (user is not null && user != $"{DebianRegistry.User}:{DebianRegistry.Password}")
            return new TestReply(401, """{"details":"wrong"}""");
        var access = new JsonArray([.. scopes.Select(scope => scope.Split(':')).Select(parts => (JsonNode)new JsonObject
        {
            ["type"] = parts[0],
            ["name"] = parts[1],
            ["actions"] = new JsonArray([.. parts[2].Split(',').Where(action => user is not null || action == "pull").Select(action => (JsonNode)action)]),
        })]);
        return new TestReply(200, new JsonObject { ["token"] = Sign(access) }.ToJsonString());
    }

    private string Sign(JsonArray access)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "ES256", ["x5c"] = new JsonArray((JsonNode)Convert.ToBase64String(_certificate.RawData)) };
        var claims = new JsonObject
        {
            ["iss"] = "tests",
            ["sub"] = "",
            ["aud"] = "test",
            ["exp"] = now + 300,
            ["nbf"] = now - 60,
            ["iat"] = now,
            ["jti"] = Guid.NewGuid().ToString(),
            ["access"] = access,
        };
        var text = $"{Encode(ImageBuilder.Bytes(header))}.{Encode(ImageBuilder.Bytes(claims))}";
        return $"{text}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(byte[] content) => Base64Url.EncodeToString(content);
}
