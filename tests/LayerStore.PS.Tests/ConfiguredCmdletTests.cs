using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>What the configuration says counts where parameters and environment say nothing, and a mistake in it blocks only who needs what is wrong.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class ConfiguredCmdletTests : IDisposable
{
    private readonly ConfiguredSession _configured = new();

    private StoreSession Store => _configured.Store;

    public void Dispose() => _configured.Dispose();

    [Fact]
    public void The_root_is_the_parameters_then_the_environments_then_the_files()
    {
        _configured.Write($"root: {Store["file"]}\n");
        Assert.Equal(Store["file"], Store.Text("(Get-StorageInfo).Root"));
        Assert.Equal(Store["file"], Store.Text("(Get-StorageDriver)[0].Root"));
        Environment.SetEnvironmentVariable("LAYERSTORE_ROOT", Store["environment"]);
        Assert.Equal(Store["environment"], Store.Text("(Get-StorageInfo).Root"));
        Assert.Equal(Store["parameter"], Store.Text("(Get-StorageInfo -Root $args[0]).Root", Store["parameter"]));
    }

    [Fact]
    public void A_new_store_has_the_files_driver_and_options_and_the_verbose_stream_says_so()
    {
        _configured.Write($"root: {Store.Root}\ndriver: vfs\ndriverOptions:\n  overlay2.override_kernel_check: true\n");
        Assert.Equal("vfs", Store.Text("(Get-StorageInfo).StorageDriver"));
        Assert.Equal("vfs", Store.Text("Get-StorageDriver | Where-Object IsDefault | ForEach-Object Name"));
        var result = Store.Session.Try("Import-ContainerImage $args[0] -Verbose", SavedImage.Small);
        Assert.Empty(result.Errors);
        Assert.Contains($"driver is vfs ({_configured.Path}:2).", result.Verbose);
        Assert.Contains($"root is {Store.Root} ({_configured.Path}:1).", result.Verbose);
        Assert.Equal("vfs,0", Store.Text("$info = Get-StorageInfo; $info.StorageDriver; $info.DriverOptions.Count"));
        // What the store was made with stays.
        _configured.Write($"root: {Store.Root}\ndriver: btrfs\n");
        Assert.Equal("vfs", Store.Text("Initialize-Storage -PassThru | ForEach-Object StorageDriver"));
    }

    [Fact]
    public void The_driver_is_the_parameters_then_the_environments_then_the_files()
    {
        _configured.Write("driver: btrfs\n");
        Environment.SetEnvironmentVariable("LAYERSTORE_DRIVER", "vfs");
        Assert.Equal("vfs", Store.Text("(Initialize-Storage $args[0] -PassThru).StorageDriver", Store["one"]));
        Assert.Contains("driver aufs", Store.Session.Show("Initialize-Storage $args[0] -Driver aufs -WhatIf", Store["two"]), StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("LAYERSTORE_DRIVER", "zip");
        Assert.StartsWith("DriverUnknown,", Store.Error("Initialize-Storage $args[0]", Store["two"]).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store["two"]));
    }

    [Fact]
    public void Limits_are_the_parameters_then_the_files_one_by_one()
    {
        SavedImage.Write(Store["many.tar"], "many:1", SavedImage.ManyFiles(20));
        _configured.Write($"root: {Store.Root}\ndriver: vfs\nlimits:\n  maxEntries: 10\n  maxPathDepth: 50\n");
        Assert.StartsWith("ArchiveLimitExceeded,", Store.Error("Import-ContainerImage $args[0]", Store["many.tar"]).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("ArchiveLimitExceeded,", Store.Error("Import-ContainerImage $args[0] -Limit @{ MaxPathDepth = 60 }", Store["many.tar"]).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("many:1", Store.Text("Import-ContainerImage $args[0] -Limit @{ MaxEntries = 100 }", Store["many.tar"]));
    }

    [Fact]
    public void A_mistake_blocks_only_who_needs_the_setting()
    {
        _configured.Write($"root: {Store.Root}\ndriver: vfs\nlimits:\n  maxEntries: many\n");
        Assert.Equal("vfs", Store.Text("(Initialize-Storage -PassThru).StorageDriver"));
        Assert.Equal("", Store.Text("Get-Container; Get-ContainerImage"));
        var error = Store.Error("Import-ContainerImage $args[0]", SavedImage.Small);
        Assert.StartsWith("ConfigurationInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"{_configured.Path}:4:15: ", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root: [\n")]
    [InlineData("root: relative\n")]
    public void A_file_whose_root_cannot_be_read_ends_the_cmdlet_once_and_blocks_nobody_who_names_a_root(string text)
    {
        _configured.Write(text);
        var error = Assert.Single(Store.Session.Try("'c1', 'c2' | Get-Container").Errors);
        Assert.StartsWith("ConfigurationInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("", Store.Text("Get-Container -Root $args[0]", Store.Root));
        Environment.SetEnvironmentVariable("LAYERSTORE_ROOT", Store.Root);
        Assert.Equal("", Store.Text("Get-Container"));
    }

    [Fact]
    public void A_misspelled_name_is_a_warning()
    {
        _configured.Write($"root: {Store.Root}\ndrivr: vfs\n");
        var warnings = Store.Run("Get-Container 3>&1").Select(record => record.ToString()).ToArray();
        Assert.Contains($"{_configured.Path}:2:1: There is no setting 'drivr' here.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_the_environment_names_has_to_be_there()
    {
        Environment.SetEnvironmentVariable("LAYERSTORE_CONFIG", Store["nowhere.yaml"]);
        Assert.StartsWith("ConfigurationNotFound,", Store.Error("Get-Container").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Mirrors_and_authorities_come_from_the_file()
    {
        _configured.Write($$"""
            root: {{Store.Root}}
            driver: vfs
            registries:
              localhost:1:
                certificateAuthority: {{Store["no.pem"]}}
              localhost:2:
                mirrors: [https://localhost:1]
              localhost:3:
                insecure: perhaps
            """);
        var error = Store.Error("Request-ContainerImage localhost:1/x");
        Assert.StartsWith("RegistryTlsFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("no.pem", error.ToString(), StringComparison.Ordinal);
        // The mirror's own settings count for the mirror.
        Assert.StartsWith("RegistryTlsFailed,", Store.Error("Request-ContainerImage localhost:2/x").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("ConfigurationInvalid,", Store.Error("Request-ContainerImage localhost:3/x").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("RegistryUnreachable,", Store.Error("Request-ContainerImage localhost:4/x").FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
