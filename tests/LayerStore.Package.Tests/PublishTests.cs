using System.Diagnostics;
using System.Net;
using LayerStore.Tools.Tests;
using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>The task Publish, on a feed on loopback and a checkout of one commit.</summary>
[Collection(PackageGroup.Name)]
public sealed class PublishTests : IDisposable
{
    private readonly PackageFixture _package;
    private readonly ScratchFolder _scratch = new();
    private readonly FakeFeed _feed = new();
    private readonly string _checkout;

    public PublishTests(PackageFixture package)
    {
        _package = package;
        _checkout = _scratch.Combine("checkout");
        Directory.CreateDirectory(_checkout);
        File.Copy(Path.Combine(HostProcess.RepositoryPath, "LayerStore.psd1"), Path.Combine(_checkout, "LayerStore.psd1"));
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "All");
    }

    private string Version => Path.GetFileName(_package.ModulePath);

    public void Dispose()
    {
        _feed.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_needs_the_key_and_pushes_the_package(bool third)
    {
        _feed.Versions.Add("0.0.1");

        var result = Publish($"-ApiKey {FakeFeed.Key}", third);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains($"LayerStore {Version} is published", result.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_package.PackagePath), Assert.Single(_feed.Pushed));
    }

    [Fact]
    public void The_key_may_stand_in_the_environment()
    {
        var result = Publish("", before: $"$env:LAYERSTORE_API_KEY = '{FakeFeed.Key}'");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Single(_feed.Pushed);
    }

    [Fact]
    public void WhatIf_looks_and_sends_nothing()
    {
        var result = Publish("-WhatIf");

        Assert.Contains("What if: ", result.Output, StringComparison.Ordinal);
        Assert.Contains($"LayerStore.{Version}.nupkg", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_feed.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_version_that_is_there_is_not_made_again(bool third)
    {
        _feed.Versions.Add(Version);

        Refused($"-ApiKey {FakeFeed.Key}", "a version is never replaced", third);
    }

    [Fact]
    public void Without_a_key_it_asks_for_one() => Refused("", "LAYERSTORE_API_KEY");

    [Fact]
    public void Changes_that_no_commit_has_are_not_published()
    {
        File.WriteAllText(Path.Combine(_checkout, "new.txt"), "");

        Refused($"-ApiKey {FakeFeed.Key}", "new.txt");
    }

    [Fact]
    public void What_is_no_checkout_is_not_published()
    {
        Directory.Delete(Path.Combine(_checkout, ".git"), recursive: true);

        Refused($"-ApiKey {FakeFeed.Key}", "no git checkout");
    }

    [Theory]
    [InlineData("https://github.com/somebody/else.git", true)]
    [InlineData("git@github.com:LayerStore/LayerStore.git", false)]
    [InlineData("https://github.com/LayerStore/LayerStore", false)]
    public void The_addresses_in_the_manifest_must_be_the_project_s(string origin, bool refused)
    {
        Git("remote", "add", "origin", origin);

        if (refused)
            Refused($"-ApiKey {FakeFeed.Key}", "ProjectUri");
        else
            Assert.Equal(0, Publish($"-ApiKey {FakeFeed.Key}").ExitCode);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "does not accept the key")]
    [InlineData(HttpStatusCode.Conflict, "has this version already")]
    [InlineData(HttpStatusCode.Redirect, "302")]
    [InlineData(HttpStatusCode.BadRequest, "the feed says why")]
    public void What_the_feed_answers_is_told_and_the_key_is_not(HttpStatusCode answer, string told)
    {
        _feed.Answer = answer;

        var result = Refused($"-ApiKey {FakeFeed.Key}", told);

        Assert.DoesNotContain(FakeFeed.Key, result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_feed.Requests, request => request.Contains("elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public void The_key_does_not_travel_in_the_clear()
    {
        var result = PackageFixture.TryRun($"Invoke-Publish 'x' 'http://feed.example/api/v2' '{FakeFeed.Key}'", _checkout);

        Assert.Contains("no https address", result.Output + result.Error, StringComparison.Ordinal);
    }

    private HostResult Refused(string words, string told, bool third = false)
    {
        var result = Publish(words, third);
        Assert.NotEqual(0, result.ExitCode);
        // The console breaks long lines.
        Assert.Contains(told, string.Join(' ', (result.Output + result.Error).Split((string[])["\n", " ", "|"], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(_feed.Pushed);
        return result;
    }

    private HostResult Publish(string words, bool third = false, string before = "") => PackageFixture.TryRun($$"""
        # The package is what the fixture made: building one is not what is tested here.
        function Invoke-Package { '{{_package.PackagePath}}' }
        $env:LAYERSTORE_API_KEY = $null
        {{before}}
        Invoke-Publish -Folder '{{_scratch.Combine("out")}}' -Repository '{{(third ? _feed.Third : _feed.Second)}}' {{words}}
        """, _checkout);

    private void Git(params string[] words)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", _checkout, .. words]))!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
