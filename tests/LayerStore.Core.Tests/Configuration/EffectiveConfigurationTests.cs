using LayerStore.Configuration;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Configuration;

[Collection(EnvironmentCollection.Name)]
public sealed class EffectiveConfigurationTests : IDisposable
{
    private readonly TestDirectory _place = new();
    private readonly EnvironmentScope _environment;

    public EffectiveConfigurationTests() => _environment = new EnvironmentScope(
        (ConfigurationFile.PathVariable, null), ("XDG_CONFIG_HOME", _place.Path), (EffectiveConfiguration.RootVariable, null), (EffectiveConfiguration.DriverVariable, null));

    private string UserFile => _place["layerstore/layerstore.yaml"];

    public void Dispose()
    {
        _environment.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void What_nobody_says_is_built_in()
    {
        var root = EffectiveConfiguration.Load().Find("root")!;
        Assert.Equal((Store.DefaultRoot(), SettingSource.Default, "default", null), (root.Value, root.Source, root.Origin, root.Path));
        var entries = EffectiveConfiguration.Load().Find("limits.maxEntries")!;
        Assert.Equal((10_000_000L, SettingType.Count), (entries.Value, entries.Type));
        Assert.Null(EffectiveConfiguration.Load().Find("driverOptions.overlay2.size"));
    }

    [Fact]
    public void The_users_file_counts_with_its_line_and_the_environment_before_it()
    {
        Write("# mine\ndriver: vfs\nroot: /srv/mine\n");
        var driver = EffectiveConfiguration.Load().Find("driver")!;
        Assert.Equal(("vfs", SettingSource.UserFile, UserFile, 2, $"{UserFile}:2"), (driver.Value, driver.Source, driver.Path, driver.Line, driver.Origin));

        _environment.Set(EffectiveConfiguration.DriverVariable, "btrfs");
        _environment.Set(EffectiveConfiguration.RootVariable, "/srv/other");
        driver = EffectiveConfiguration.Load().Find("driver")!;
        Assert.Equal(("btrfs", SettingSource.Environment, "$env:LAYERSTORE_DRIVER"), (driver.Value, driver.Source, driver.Origin));
        Assert.Equal("/srv/other", EffectiveConfiguration.Load().All().Single(setting => setting.Name == "root").Value);
    }

    [Fact]
    public void The_users_file_counts_before_the_systems_setting_by_setting()
    {
        File.WriteAllText(_place["system.yaml"], "root: /srv/system\ndriver: btrfs\nregistries:\n  docker.io:\n    mirrors: [https://m]\n    insecure: true\nlimits:\n  maxEntries: 5\n  maxPathDepth: 6\n");
        Write("driver: vfs\nregistries:\n  docker.io:\n    insecure: false\nlimits:\n  maxEntries: 7\n");
        var configuration = EffectiveConfiguration.Of((_place["system.yaml"], SettingSource.SystemFile), (UserFile, SettingSource.UserFile));
        Assert.Equal(("/srv/system", SettingSource.SystemFile), (configuration.Find("root")!.Value, configuration.Find("root")!.Source));
        Assert.Equal(("vfs", SettingSource.UserFile), (configuration.Find("driver")!.Value, configuration.Find("driver")!.Source));
        Assert.Equal(["maxEntries=7", "maxPathDepth=6"], configuration.FindBelow("limits").Select(limit => $"{limit.Key}={limit.Value.Value}"));
        var registry = Assert.Single(configuration.RegistriesFor("docker.io", []).Registries);
        Assert.Equal((false, "https://m"), (registry.Insecure, Assert.Single(registry.Mirrors!)));
        Assert.Equal("vfs", configuration.All().Single(setting => setting.Name == "driver").Value);
    }

    [Fact]
    public void What_the_users_file_says_is_not_blocked_by_a_mistake_in_the_systems()
    {
        File.WriteAllText(_place["system.yaml"], "driver: zip\n");
        Write("driver: vfs\n");
        var configuration = EffectiveConfiguration.Of((_place["system.yaml"], SettingSource.SystemFile), (UserFile, SettingSource.UserFile));
        Assert.Equal("vfs", configuration.Find("driver")!.Value);
        Assert.Single(configuration.Faults);
    }

    [Fact]
    public void A_named_file_counts_instead_of_the_users()
    {
        Write("driver: vfs\n");
        File.WriteAllText(_place["named.yaml"], "root: /srv/named\n");
        _environment.Set(ConfigurationFile.PathVariable, _place["named.yaml"]);
        Assert.Equal(SettingSource.NamedFile, EffectiveConfiguration.Load().Find("root")!.Source);
        Assert.Null(EffectiveConfiguration.Load().Find("driver")!.Value);

        _environment.Set(ConfigurationFile.PathVariable, "/dev/null");
        Assert.Equal(SettingSource.Default, EffectiveConfiguration.Load().Find("root")!.Source);
        Assert.Empty(EffectiveConfiguration.Load().Faults);
    }

    [Fact]
    public void A_named_file_that_is_missing_is_an_error_for_whoever_needs_it()
    {
        _environment.Set(ConfigurationFile.PathVariable, _place["nowhere.yaml"]);
        _environment.Set(EffectiveConfiguration.RootVariable, "/srv/x");
        var configuration = EffectiveConfiguration.Load();
        Assert.Equal("/srv/x", configuration.Find("root")!.Value);
        Assert.Equal(ErrorIds.ConfigurationNotFound, Assert.Throws<StoreException>(() => configuration.Find("driver")).ErrorId);
    }

    [Theory]
    [InlineData("driver: overlay3\n", "driver", "root")]
    [InlineData("registries:\n  a.b:\n    insecure: maybe\n", "registries.a.b", "registries.c")]
    [InlineData("limits:\n  maxEntries: many\n", "limits", "driverOptions")]
    [InlineData("limits: 3\n", "limits.maxEntries", "driver")]
    [InlineData("root: 'unfinished\n", "driver", null)]
    [InlineData("- a list\n", "limits", null)]
    public void A_mistake_blocks_who_needs_the_setting_and_nobody_else(string text, string blocked, string? free)
    {
        Write(text);
        var configuration = EffectiveConfiguration.Load();
        var error = Assert.Throws<StoreException>(() => configuration.FindBelow(blocked));
        Assert.Equal((ErrorIds.ConfigurationInvalid, UserFile), (error.ErrorId, error.Target));
        Assert.Contains($"{UserFile}:", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.ConfigurationInvalid, Assert.Single(configuration.Faults).ErrorId);
        if (free is not null)
            Assert.Empty(configuration.FindBelow(free));
        Assert.Contains(configuration.All(), setting => setting.Name == "root");
    }

    [Fact]
    public void A_name_that_nothing_knows_blocks_nobody_and_is_told()
    {
        Write("rot: /srv/x\ndriver: vfs\n");
        var configuration = EffectiveConfiguration.Load();
        Assert.Equal("vfs", configuration.Find("driver")!.Value);
        Assert.Equal(SettingSource.Default, configuration.Find("root")!.Source);
        Assert.Contains("'rot'", Assert.Single(configuration.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registries_are_found_with_the_mirrors_that_will_be_asked()
    {
        Write("""
            registries:
              docker.io:
                mirrors: [https://mirror.example:5000/hub, http://plain.example]
              mirror.example:5000:
                certificateAuthority: /etc/mirror.pem
              other.example:
                insecure: nonsense
            """);
        var (registries, settings) = EffectiveConfiguration.Load().RegistriesFor("docker.io", null);
        Assert.Equal(["docker.io", "mirror.example:5000", "plain.example"], registries.Select(registry => registry.Name));
        Assert.Equal(["https://mirror.example:5000/hub", "http://plain.example"], registries[0].Mirrors);
        Assert.Equal("/etc/mirror.pem", registries[1].CertificateAuthority);
        Assert.Equal(["registries.docker.io.mirrors", "registries.mirror.example:5000.certificateAuthority"], settings.Select(setting => setting.Name));
        Assert.Throws<StoreException>(() => EffectiveConfiguration.Load().RegistriesFor("other.example", null));
    }

    [Fact]
    public void A_registry_is_not_taken_for_one_whose_name_goes_on()
    {
        Write("registries:\n  localhost.lan:\n    insecure: true\n  localhost:\n    mirrors: [https://m]\n");
        var registry = EffectiveConfiguration.Load().RegistriesFor("localhost", []).Registries[0];
        Assert.Equal((null, null, "https://m"), (registry.Insecure, registry.CertificateAuthority, Assert.Single(registry.Mirrors!)));
        Assert.True(EffectiveConfiguration.Load().RegistriesFor("localhost.lan", []).Registries[0].Insecure);
    }

    [Fact]
    public void All_settings_come_in_the_tables_order()
    {
        Write("limits:\n  maxPathDepth: 7\nregistries:\n  b:\n    insecure: false\n  a:\n    mirrors: https://m\n    insecure: true\ndriverOptions:\n  overlay2.size: 1G\n");
        var names = EffectiveConfiguration.Load().All().Select(setting => setting.Name).ToList();
        Assert.Equal(["root", "driver", "driverOptions.overlay2.size", "registries.a.insecure", "registries.a.mirrors", "registries.b.insecure", "limits.maxLayerBytes"], names.Take(7));
        Assert.Equal(Settings.All.Count(setting => setting.Name.StartsWith("limits.", StringComparison.Ordinal)), names.Count(name => name.StartsWith("limits.", StringComparison.Ordinal)));
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, text);
    }
}
