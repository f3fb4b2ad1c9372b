using LayerStore.Configuration;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Configuration;

public sealed class ConfigurationTests
{
    private const string Whole = """
        # Our build hosts.
        root: /srv/store   # a disk of its own
        driver: overlay2

        driverOptions:
          overlay2.size: 10G
        registries:
          docker.io:
            mirrors:
              - https://mirror.example:5000
              - http://127.0.0.1:5001
          "localhost:5000":
            insecure: true
            certificateAuthority: /etc/ca.pem
        limits:
          maxLayerBytes: 64GB
          maxEntries: 1000
        """;

    [Fact]
    public void A_file_says_what_it_says()
    {
        var configuration = ConfigurationFile.Parse(Whole);
        Assert.Equal("/srv/store", configuration.Root);
        Assert.Equal("overlay2", configuration.Driver);
        Assert.Equal("10G", configuration.DriverOptions["overlay2.size"]);
        Assert.Equal(["https://mirror.example:5000", "http://127.0.0.1:5001"], configuration.Registries[0].Mirrors);
        Assert.Equal(new RegistryConfiguration { Name = "localhost:5000", Insecure = true, CertificateAuthority = "/etc/ca.pem" }, configuration.Registries[1]);
        Assert.Equal(64_000_000_000, configuration.Limits["MaxLayerBytes"]);
        Assert.Equal(1000, configuration.Limits["MaxEntries"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("limits:\n")]
    [InlineData("---\nroot: ~\n")]
    public void What_says_nothing_is_no_problem(string text) => Assert.Empty(ConfigurationFile.CheckText(text));

    [Theory]
    [InlineData("rot: /x", 1, 1, "rot", "'rot'", "root, driver")]
    [InlineData("root: x", 1, 7, "root", "'x'", "an absolute path")]
    [InlineData("driver: overlay3", 1, 9, "driver", "'overlay3'", "overlay2")]
    [InlineData("driver: [a]", 1, 9, "driver", "A list", "overlay2")]
    [InlineData("limits:\n  maxEntries: -1", 2, 15, "limits.maxEntries", "'-1'", "a positive whole number")]
    [InlineData("limits:\n  maxLayerBytes: lots", 2, 18, "limits.maxLayerBytes", "'lots'", "64GB")]
    [InlineData("limits: 5", 1, 9, "limits", "no settings below", "names with values")]
    [InlineData("driverOptions:\n  overlay3.size: 1G", 2, 3, "driverOptions.overlay3.size", "overlay3.size", "overlay2.size")]
    [InlineData("driverOptions:\n  overlay2.size: big", 2, 18, "driverOptions.overlay2.size", "big", "a size")]
    [InlineData("registries:\n  a:\n    insecure: yes", 3, 15, "registries.a.insecure", "'yes'", "true or false")]
    [InlineData("registries:\n  a:\n    mirrors: [ftp://x]", 3, 14, "registries.a.mirrors", "A list", "http or https")]
    [InlineData("root: /a\nroot: /b", 2, 1, "root", "twice", "once")]
    [InlineData("root: /a\n---\nroot: /b", 2, 1, "", "second document", "one document")]
    [InlineData("root: &a /x", 1, 7, "", "anchors", "YAML")]
    [InlineData("root: !!str /x", 1, 7, "", "tags", "YAML")]
    [InlineData("root: \"/x", 1, 7, "", "no YAML", "YAML")]
    [InlineData("- a", 1, 1, "", "no settings", "names with values")]
    public void A_problem_has_its_place_and_what_was_expected(string text, int line, int column, string setting, string message, string expected)
    {
        var problem = Assert.Single(ConfigurationFile.CheckText(text, "c.yaml"));
        Assert.Equal((line, column, setting), (problem.Line, problem.Column, problem.Setting));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Expected, StringComparison.Ordinal);
        Assert.StartsWith($"c.yaml:{line}:{column}: ", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told() => Assert.Equal(3, ConfigurationFile.CheckText("rot: 1\nroot: x\nlimits:\n  maxEntries: no").Count);

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Contains("too deeply", Assert.Single(ConfigurationFile.CheckText(new string('[', 5000))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_written_is_read_back_the_same_as_YAML_and_as_JSON()
    {
        var configuration = ConfigurationFile.Parse(Whole);
        foreach (var format in Enum.GetValues<ConfigurationFormat>())
            Assert.Equivalent(configuration, ConfigurationFile.Parse(ConfigurationFile.ToText(configuration, format, "/a/schema.json")), strict: true);
    }

    [Fact]
    public void Changing_a_setting_keeps_everything_else_to_the_letter()
    {
        using var place = new TestDirectory();
        var path = Path.Combine(place.Path, "layerstore.yaml");
        File.WriteAllText(path, Whole + "\n");
        Set(path, "root", "/srv/other");
        Assert.Equal(Whole.Replace("/srv/store ", "/srv/other ", StringComparison.Ordinal) + "\n", File.ReadAllText(path));
        Set(path, "root", "/srv/store");
        Set(path, "limits.maxPathDepth", 100L);
        Assert.Equal(Whole + "\n  maxPathDepth: 100\n", File.ReadAllText(path));
        Set(path, "limits.maxPathDepth", null);
        Assert.Equal(Whole + "\n", File.ReadAllText(path));
        Set(path, "driverOptions.overlay2.size", null);
        Assert.Equal(Whole.Replace("driverOptions:\n  overlay2.size: 10G\n", "", StringComparison.Ordinal) + "\n", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("", "driver", "vfs", "driver: vfs\n")]
    [InlineData("# only words\n", "driver", "vfs", "# only words\ndriver: vfs\n")]
    [InlineData("root: /a", "driver", "vfs", "root: /a\ndriver: vfs\n")]
    [InlineData("root:\n", "root", "/a", "root: /a\n")]
    [InlineData("root: # later\n", "root", "/a", "root: /a # later\n")]
    [InlineData("limits:\nroot: /a\n", "limits.maxEntries", 5L, "limits:\n  maxEntries: 5\nroot: /a\n")]
    [InlineData("limits: {}\n", "limits.maxEntries", 5L, "limits: {maxEntries: 5}\n")]
    [InlineData("limits: {maxPathDepth: 3}\n", "limits.maxEntries", 5L, "limits: {maxPathDepth: 3, maxEntries: 5}\n")]
    [InlineData("registries:\n    a:\n        insecure: true\n", "registries.b.c.insecure", true, "registries:\n    a:\n        insecure: true\n    b.c:\n      insecure: true\n")]
    [InlineData("root: /a # b\n\n# the end\n", "limits.maxEntries", 5L, "root: /a # b\nlimits:\n  maxEntries: 5\n\n# the end\n")]
    public void A_setting_is_put_where_it_belongs(string before, string name, object value, string after)
    {
        using var place = new TestDirectory();
        var path = Path.Combine(place.Path, "layerstore.yaml");
        if (before.Length > 0)
            File.WriteAllText(path, before);
        Set(path, name, value);
        Assert.Equal(after, File.ReadAllText(path));
    }

    [Fact]
    public void A_list_takes_the_place_of_a_list()
    {
        using var place = new TestDirectory();
        var path = Path.Combine(place.Path, "layerstore.yaml");
        File.WriteAllText(path, Whole);
        var set = Set(path, "registries.docker.io.mirrors", new[] { "https://one", "https://two:1" });
        Assert.Equal(["https://one", "https://two:1"], (string[])set!.Value!);
        Assert.Contains("    mirrors: [https://one, https://two:1]\n  \"localhost:5000\":", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("driver", "overlay3")]
    [InlineData("no.such", "x")]
    [InlineData("limits.maxEntries", "many")]
    public void A_wrong_change_leaves_the_file_as_it_was(string name, string value)
    {
        using var place = new TestDirectory();
        var path = Path.Combine(place.Path, "layerstore.yaml");
        File.WriteAllText(path, Whole);
        Assert.Equal(ErrorIds.ConfigurationInvalid, Assert.Throws<StoreException>(() => Set(path, name, value)).ErrorId);
        Assert.Equal(Whole, File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(place.Path));
    }

    [Fact]
    public void A_file_that_is_missing_too_large_or_no_text_is_an_error_that_names_it()
    {
        using var place = new TestDirectory();
        var path = Path.Combine(place.Path, "layerstore.yaml");
        CompleteError.Of(ErrorIds.ConfigurationNotFound, StoreErrorKind.NotFound, path, path, () => ConfigurationFile.Load(path));
        File.WriteAllBytes(path, [0xff, 0xfe, 0xff]);
        Assert.Equal(ErrorIds.ConfigurationInvalid, Assert.Throws<StoreException>(() => ConfigurationFile.Load(path)).ErrorId);
        File.WriteAllBytes(path, new byte[2 << 20]);
        CompleteError.Of(ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidData, path, path, () => ConfigurationFile.Load(path));
    }

    [Fact]
    public void What_somebody_else_changed_meanwhile_is_not_overwritten()
    {
        using var place = new TestDirectory();
        var path = Path.Combine(place.Path, "layerstore.yaml");
        var change = new ConfigurationChange(path);
        change.Set("driver", "vfs");
        File.WriteAllText(path, "root: /srv/theirs\n");
        Assert.Equal(ErrorIds.ConfigurationChanged, Assert.Throws<StoreException>(change.Write).ErrorId);
        Assert.Equal("root: /srv/theirs\n", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(place.Path));
    }

    private static StorageSetting? Set(string path, string name, object? value)
    {
        var change = new ConfigurationChange(path);
        change.Set(name, value);
        change.Write();
        return change.Find(name);
    }
}
