using LayerStore.Archives;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>Debian's docker-registry, filled by skopeo, podman and buildah: what they push is pulled, digests equal.</summary>
public sealed class RealRegistryTests : IDisposable
{
    private const string Login = DebianRegistry.User + ":" + DebianRegistry.Password;

    private static readonly string Small = Path.Combine(AppContext.BaseDirectory, "data", "small.tar");

    private readonly RegistryStore _store = new();

    private readonly string _run = $"/var/tmp/layerstore-{Guid.NewGuid().ToString("N")[..8]}";

    public void Dispose()
    {
        TreeRemover.Remove(_run);
        _store.Dispose();
    }

    [ToolFact("docker-registry", "skopeo")]
    public void What_skopeo_copies_is_pulled_in_every_format_and_compression()
    {
        using var registry = new DebianRegistry();
        foreach (var (tag, options) in ((string, string[])[])[("oci", ["--format", "oci"]), ("docker", ["--format", "v2s2"]), ("zstd", ["--format", "oci", "--dest-compress-format", "zstd"])])
        {
            var name = $"{registry.Authority}/team/small:{tag}";
            Command.Run("skopeo", ["--insecure-policy", "copy", "-q", "--dest-tls-verify=false", .. options, "docker-archive:" + Small, "docker://" + name]);

            var image = _store.Pull(name);

            Assert.Equal(name, image.Reference);
            Assert.Equal(Command.Run("skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + name).Trim(), image.Digest);
            Assert.Equal("1.98MB", ByteSize.Format(image.Size));
            Assert.Equal("sha256:f6f4c801e907eeab79848e87cd3c48214e94fa0ceb9a38a4714ae4632ffb6438", _store.Store.Layers.Get(image.Layers[0]).DiffId);
        }
        Assert.Single(_store.Store.Layers.List());
        _store.PullFails($"{registry.Authority}/team/small:none", ErrorIds.RegistryManifestUnknown);
        _store.PullFails($"{registry.Authority}/nobody/none:1", ErrorIds.RegistryManifestUnknown);
    }

    [ToolFact("docker-registry", "buildah")]
    public void What_buildah_pushes_is_pulled()
    {
        using var registry = new DebianRegistry();
        var name = registry.Authority + "/tool:1";
        Push("buildah", name);

        var image = _store.Pull(name);

        Assert.Equal((7L, 1), (image.Size, image.LayerCount));
    }

    [ToolFact("docker-registry", "buildah", "podman")]
    public void What_podman_pushes_is_pulled()
    {
        using var registry = new DebianRegistry();
        var name = registry.Authority + "/tool:2";
        Push("podman", name);

        Assert.Equal((7L, 1), _store.Pull(name) is var image ? (image.Size, image.LayerCount) : default);
    }

    [ToolFact("docker-registry", "skopeo")]
    public void A_password_is_asked_for_and_taken_from_the_caller_or_from_podmans_file()
    {
        using var registry = new DebianRegistry(DebianRegistry.Authentication.Password);
        var name = registry.Authority + "/small:1";
        Fill(name);

        _store.PullFails(name, ErrorIds.RegistryUnauthorized);
        _store.PullFails(name, ErrorIds.RegistryUnauthorized, RegistryStore.Options with { Credential = new("alice", "wrong") });
        Assert.Equal(name, _store.Pull(name, RegistryStore.Options with { Credential = new(DebianRegistry.User, DebianRegistry.Password) }).Reference);
        File.WriteAllText(_store["auth.json"], $$$"""{"auths":{"{{{registry.Authority}}}":{"auth":"{{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Login))}}}" } } }""");
        Assert.Equal(name, _store.Pull(name, RegistryStore.Options with { CredentialFiles = [_store["auth.json"]] }).Reference);
    }

    [ToolFact("docker-registry", "skopeo")]
    public void A_token_is_fetched_once_for_all_that_a_pull_asks()
    {
        using var tokens = new TokenServer();
        using var registry = new DebianRegistry(DebianRegistry.Authentication.Token, tokens: tokens);
        var name = registry.Authority + "/small:1";
        Fill(name);
        tokens.Asked.Clear();

        Assert.Equal(name, _store.Pull(name).Reference);

        Assert.Equal([KeyValuePair.Create("repository:small:pull", 1)], tokens.Asked);
        _store.PullFails(name, ErrorIds.RegistryUnauthorized, RegistryStore.Options with { Credential = new("alice", "wrong") });
    }

    [ToolFact("docker-registry", "skopeo")]
    public void TLS_is_trusted_only_by_an_authority_that_is_given()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        using var registry = new DebianRegistry(authority: authority);
        var name = registry.Authority + "/small:1";
        Fill(name);

        var error = _store.PullFails(name, ErrorIds.RegistryTlsFailed);
        Assert.Contains("-CertificateAuthority", error.RecommendedAction, StringComparison.Ordinal);
        _store.PullFails(name, ErrorIds.RegistryTlsFailed, RegistryStore.Options with { CertificateAuthority = stranger.Certificate });
        _store.PullFails(name, ErrorIds.RegistryTlsFailed, RegistryStore.Options with { CertificateAuthority = _store["none.crt"] });
        Assert.Equal(name, _store.Pull(name, RegistryStore.Options with { CertificateAuthority = authority.Certificate }).Reference);

        Directory.CreateDirectory(_store[Path.Combine("certs.d", registry.Authority)]);
        File.Copy(authority.Certificate, _store[Path.Combine("certs.d", registry.Authority, "ca.crt")]);
        Assert.Equal(name, _store.Pull(name, RegistryStore.Options with { CertificateDirectories = [_store["certs.d"]] }).Reference);
        Assert.Equal(name, _store.Pull(name, RegistryStore.Options with { AllowInsecure = true }).Reference);
    }

    [ToolFact("docker-registry")]
    public void A_certificate_for_another_name_is_refused()
    {
        using var authority = new TestAuthority("registry.example.com");
        using var registry = new DebianRegistry(authority: authority);

        var error = _store.PullFails(registry.Authority + "/a:1", ErrorIds.RegistryTlsFailed, RegistryStore.Options with { CertificateAuthority = authority.Certificate });

        Assert.Contains("another name", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("docker-registry", "skopeo")]
    public void What_is_pushed_is_what_other_tools_read()
    {
        using var registry = new DebianRegistry();
        var name = registry.Authority + "/team/app:1";
        var image = _store.Import(new ImageBuilder("app:1").Layer(("etc/motd", "hello")).Layer(layer => layer.Whiteout("etc/motd").File("a", "b")));

        var pushed = _store.Push("app:1", name);

        Assert.Equal(pushed.Digest, Command.Run("skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + name).Trim());
        Command.Run("skopeo", "--insecure-policy", "copy", "-q", "--preserve-digests", "--src-tls-verify=false", "docker://" + name, $"oci:{_store["layout"]}:1");
        using var other = new RegistryStore();
        Assert.Equal(image.Id, Assert.Single(other.Store.Images.Import(_store["layout"], new())).Id);
        // What skopeo makes of it elsewhere comes back with its digest, and goes out with it.
        var copy = registry.Authority + "/team/copy:1";
        Command.Run("skopeo", "--insecure-policy", "copy", "-q", "--format", "v2s2", "--src-tls-verify=false", "--dest-tls-verify=false", "docker://" + name, "docker://" + copy);
        Assert.Equal(other.Pull(copy).Digest, other.Push(copy, registry.Authority + "/third:1").Digest);
    }

    [ToolFact("docker-registry", "buildah", "podman")]
    public void What_is_pushed_is_what_podman_and_buildah_pull()
    {
        using var registry = new DebianRegistry();
        var name = registry.Authority + "/team/app:1";
        var image = _store.Import(new ImageBuilder("app:1").Layer(("etc/motd", "hello")));
        foreach (var (tool, compression) in ((string, CompressionKind)[])[("podman", CompressionKind.Gzip), ("buildah", CompressionKind.Zstd)])
        {
            _store.Push("app:1", name, new() { Compression = compression });

            string[] own = ["--root", _store[tool], "--runroot", _run, "--storage-driver", "vfs"];
            var id = Command.Run(tool, [.. own, "pull", "-q", "--tls-verify=false", name]).Trim();

            Assert.Equal(image.Id, "sha256:" + id);
        }
    }

    [ToolFact("docker-registry", "skopeo")]
    public void A_push_has_a_password_a_token_and_TLS_too()
    {
        _store.Import(new ImageBuilder("app:1").Layer(("a", "1")));
        var login = RegistryStore.Options with { Credential = new(DebianRegistry.User, DebianRegistry.Password) };
        using (var registry = new DebianRegistry(DebianRegistry.Authentication.Password))
        {
            Assert.Equal(ErrorIds.RegistryUnauthorized, Assert.Throws<StoreException>(() => _store.Push("app:1", registry.Authority + "/a:1")).ErrorId);
            Assert.NotNull(_store.Push("app:1", registry.Authority + "/a:1", registry: login).Digest);
        }
        using (var tokens = new TokenServer())
        using (var registry = new DebianRegistry(DebianRegistry.Authentication.Token, tokens: tokens))
        {
            Assert.Contains(Assert.Throws<StoreException>(() => _store.Push("app:1", registry.Authority + "/a:1")).ErrorId, (string[])[ErrorIds.RegistryUnauthorized, ErrorIds.RegistryDenied]);
            Assert.NotNull(_store.Push("app:1", registry.Authority + "/a:1", registry: login).Digest);
        }
        using var authority = new TestAuthority();
        using var secure = new DebianRegistry(authority: authority);
        Assert.NotNull(_store.Push("app:1", secure.Authority + "/a:1", registry: RegistryStore.Options with { CertificateAuthority = authority.Certificate }).Digest);
    }

    private static void Fill(string name) =>
        Command.Run("skopeo", "--insecure-policy", "copy", "-q", "--dest-tls-verify=false", "--dest-creds", Login, "docker-archive:" + Small, "docker://" + name);

    private void Push(string tool, string name)
    {
        // podman refuses a longer path than 50 characters.
        string[] own = ["--root", _store["storage"], "--runroot", _run, "--storage-driver", "vfs"];
        File.WriteAllText(_store["file"], "content");
        Command.Run("buildah", [.. own, "from", "--name", "work", "scratch"]);
        Command.Run("buildah", [.. own, "copy", "work", _store["file"], "/file"]);
        Command.Run("buildah", [.. own, "commit", "-q", "work", "tool"]);
        Command.Run(tool, [.. own, "push", "-q", "--tls-verify=false", "tool", "docker://" + name]);
    }
}
