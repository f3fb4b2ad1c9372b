using System.Text;
using LayerStore.Registries;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>Credentials that podman and docker left.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _directory.Dispose();
    }

    [Fact]
    public void The_most_particular_entry_counts()
    {
        Write("auth.json", $$$"""{"auths":{"quay.io":{"auth":"{{{Base64("all:1")}}}" },"quay.io/team":{"auth":"{{{Base64("team:2:3")}}}" } } }""");

        Assert.Equal("all", Find("quay.io", "other/app")!.UserName);
        var team = Find("quay.io", "team/app")!;
        Assert.Equal(("team", "2:3"), (team.UserName, team.Password));
        Assert.Null(Find("example.com", "a"));
    }

    [Fact]
    public void Docker_Hub_is_known_by_its_old_name()
    {
        Write("auth.json", $$$"""{"auths":{"https://index.docker.io/v1/":{"auth":"{{{Base64("me:pw")}}}"},"old.example.com":{"identitytoken":"abc" } } }""");

        Assert.Equal("me", Find("docker.io", "library/alpine")!.UserName);
        Assert.True(Find("old.example.com", "a")!.IsIdentityToken);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"auths":{"quay.io":{"auth":"???"}}}""")]
    [InlineData("""{"auths":{"quay.io":{"auth":"YWJj"}}}""")]
    [InlineData("""{"auths":{"quay.io":5}}""")]
    [InlineData("""{"credHelpers":{"quay.io":"../evil"}}""")]
    [InlineData("""{"credHelpers":{"quay.io":"no-such-helper"}}""")]
    public void What_is_broken_is_named_and_never_shown(string content)
    {
        Write("auth.json", content);

        var error = Assert.Throws<StoreException>(() => Find("quay.io", "a"));

        Assert.Equal(ErrorIds.RegistryCredentialsInvalid, error.ErrorId);
        Assert.DoesNotContain("YWJj", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_helper_is_asked_by_its_input()
    {
        Helper("test", """read server; [ "$1" = get ] && [ "$server" = quay.io ] && echo '{"ServerURL":"quay.io","Username":"joe","Secret":"s3"}' || { echo 'credentials not found in native keychain'; exit 1; }""");
        Write("auth.json", """{"credHelpers":{"quay.io":"test"},"credsStore":"test"}""");

        Assert.Equal("s3", Find("quay.io", "a")!.Password);
        Assert.Null(Find("example.com", "a"));
    }

    [Fact]
    public void A_helper_that_hangs_is_stopped()
    {
        Helper("slow", "sleep 60");
        Write("auth.json", """{"credsStore":"slow"}""");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(ErrorIds.RegistryCredentialsInvalid, Assert.Throws<StoreException>(() => Find("quay.io", "a", TimeSpan.FromMilliseconds(300))).ErrorId);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_credential_prints_no_secret() => Assert.Equal("joe", new RegistryCredential("joe", "secret").ToString());

    private RegistryCredential? Find(string domain, string repository, TimeSpan? limit = null) =>
        new CredentialFiles(new RegistryOptions { CredentialFiles = [_directory["missing.json"], _directory["auth.json"]], HelperTimeout = limit ?? TimeSpan.FromSeconds(30) }).Find(domain, repository);

    private void Write(string name, string content) => File.WriteAllText(_directory[name], content);

    private void Helper(string name, string script)
    {
        var path = _directory["docker-credential-" + name];
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_directory.Path}:{_path}");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
