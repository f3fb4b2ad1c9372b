using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The cmdlets that show, change, check and move configurations.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class StorageConfigurationTests : IDisposable
{
    private const string Deserialize = "| ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) } ";

    private const string Commented = "# Ours.\nroot: /srv/store # a disk of its own\ndriver: vfs\n\nlimits:\n  maxEntries: 1000 # enough\n";

    private readonly ConfiguredSession _configured = new();

    private StoreSession Store => _configured.Store;

    public void Dispose() => _configured.Dispose();

    [Fact]
    public void Get_says_what_counts_and_who_says_so()
    {
        _configured.Write(Commented);
        Environment.SetEnvironmentVariable("LAYERSTORE_DRIVER", "btrfs");
        Assert.Equal(
            $"root=/srv/store {_configured.Path}:2,driver=btrfs $env:LAYERSTORE_DRIVER,limits.maxPathDepth=1024 default",
            Store.Text("Get-StorageConfiguration root, driver, limits.maxPathDepth | ForEach-Object { \"$_=$($_.Value) $($_.Origin)\" }"));
        Assert.Equal("UserFile,Environment,Default", Store.Text("(Get-StorageConfiguration root, DRIVER, limits.maxPathBytes).Source"));
        Assert.Equal("limits.maxPathBytes,limits.maxPathDepth", Store.Text("Get-StorageConfiguration *MaxPath*"));
        Assert.Equal("root UserFile,driver UserFile,limits.maxEntries UserFile", Store.Text("Get-StorageConfiguration -Scope User | ForEach-Object { \"$_ $($_.Source)\" }"));
        Assert.Equal("", Store.Text("Get-StorageConfiguration -Path $args[0] -Name registries.*", _configured.Path));
        Assert.Equal("driverOptions.overlay2.size=", Store.Text("Get-StorageConfiguration driverOptions.overlay2.size | ForEach-Object { \"$_=$($_.Value)\" }"));
        Assert.StartsWith("ConfigurationInvalid,", Store.Error("Get-StorageConfiguration height").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_says_what_it_can_of_a_broken_file_and_what_is_wrong()
    {
        _configured.Write("driver: vfs\nlimits:\n  maxEntries: no\n");
        var result = Store.Session.Try("Get-StorageConfiguration driver, limits.maxEntries");
        Assert.Equal(["driver", "limits.maxEntries"], result.Output.Select(setting => setting.ToString()));
        Assert.StartsWith("ConfigurationInvalid,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_changes_settings_and_nothing_else()
    {
        _configured.Write(Commented);
        Store.Run("[IO.File]::SetUnixFileMode($args[0], 'UserRead, UserWrite, GroupRead')", _configured.Path);
        Assert.Equal("", Store.Text("Set-StorageConfiguration driver overlay2"));
        Assert.Equal("limits.maxEntries=500,limits.maxLayerBytes=1073741824", Store.Text(
            "Set-StorageConfiguration -Setting ([ordered]@{ 'limits.maxEntries' = 500; 'limits.maxLayerBytes' = 1GB }) -PassThru | ForEach-Object { \"$_=$($_.Value)\" }"));
        Assert.Equal("# Ours.\nroot: /srv/store # a disk of its own\ndriver: overlay2\n\nlimits:\n  maxEntries: 500 # enough\n  maxLayerBytes: 1073741824\n", File.ReadAllText(_configured.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, new FileInfo(_configured.Path).UnixFileMode);
        Store.Run("Set-StorageConfiguration limits.maxLayerBytes $null; Set-StorageConfiguration driver vfs; Set-StorageConfiguration limits.maxEntries 1000");
        Assert.Equal(Commented, File.ReadAllText(_configured.Path));
        Assert.Equal([_configured.Path], Directory.GetFiles(System.IO.Path.GetDirectoryName(_configured.Path)!));
    }

    [Fact]
    public void Values_are_written_as_the_setting_takes_them()
    {
        Store.Run("""
            Set-StorageConfiguration registries.docker.io.mirrors https://one.example
            Set-StorageConfiguration registries.docker.io.insecure $true
            Set-StorageConfiguration driverOptions.overlay2.override_kernel_check $true
            Set-StorageConfiguration driverOptions.overlay2.size 10GB
            Set-StorageConfiguration registries.localhost:5000.mirrors 'https://a', 'http://b:1'
            Set-StorageConfiguration -Setting limits.maxEntries=7, limits.maxLayerBytes=64GB
            """);
        Assert.Equal("""
            registries:
              docker.io:
                mirrors: [https://one.example]
                insecure: true
              localhost:5000:
                mirrors: [https://a, http://b:1]
            driverOptions:
              overlay2.override_kernel_check: true
              overlay2.size: 10737418240
            limits:
            """, string.Join('\n', File.ReadAllLines(_configured.Path).Take(10)));
        Assert.Contains("  maxLayerBytes: 64GB\n", File.ReadAllText(_configured.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-StorageConfiguration driver overlay3", "ConfigurationInvalid")]
    [InlineData("Set-StorageConfiguration height 3", "ConfigurationInvalid")]
    [InlineData("Set-StorageConfiguration -Setting @{ root = '/srv/other'; driver = 'zip' }", "ConfigurationInvalid")]
    [InlineData("[pscustomobject]@{ Name = 'root'; Value = '/srv/other' }, [pscustomobject]@{ Name = 'driver'; Value = 'zip' } | Set-StorageConfiguration", "ConfigurationInvalid")]
    [InlineData("Set-StorageConfiguration driver", "ArgumentInvalid")]
    [InlineData("Set-StorageConfiguration -Value 3", "ArgumentInvalid")]
    [InlineData("Set-StorageConfiguration driver vfs -Path x -Scope User", "ArgumentInvalid")]
    [InlineData("Set-StorageConfiguration driver vfs -Path /dev/null", "ConfigurationInvalid")]
    [InlineData("Import-StorageConfiguration ./nowhere.yaml", "ConfigurationNotFound")]
    [InlineData("Import-StorageConfiguration", "ArgumentInvalid")]
    [InlineData("Export-StorageConfiguration $args[0]", "ExportPathExists")]
    public void What_is_wrong_changes_nothing(string script, string id)
    {
        _configured.Write(Commented);
        Assert.StartsWith(id + ",", Store.Error(script, _configured.Path).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(Commented, File.ReadAllText(_configured.Path));
        Assert.True(File.Exists("/dev/null"));
    }

    [Theory]
    [InlineData("Set-StorageConfiguration driver overlay2")]
    [InlineData("Get-StorageConfiguration | Set-StorageConfiguration")]
    [InlineData("Import-StorageConfiguration $args[0] -Replace")]
    [InlineData("Export-StorageConfiguration $args[1] -Force")]
    public void WhatIf_changes_nothing(string script)
    {
        _configured.Write(Commented);
        File.WriteAllText(Store["other.yaml"], "driver: btrfs\n");
        Assert.Contains("What if: ", Store.Session.Show(script + " -WhatIf", Store["other.yaml"], _configured.Path), StringComparison.Ordinal);
        Assert.Equal(Commented, File.ReadAllText(_configured.Path));
    }

    [Fact]
    public void A_broken_file_is_not_changed()
    {
        _configured.Write("driver: zip\n");
        var error = Store.Error("Set-StorageConfiguration root /srv/x");
        Assert.StartsWith("ConfigurationInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"{_configured.Path}:1:9", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("driver: zip\n", File.ReadAllText(_configured.Path));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        File.WriteAllText(Store["real.yaml"], "driver: vfs\n");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_configured.Path)!);
        File.CreateSymbolicLink(_configured.Path, Store["real.yaml"]);
        Store.Run("Set-StorageConfiguration driver btrfs");
        Assert.Equal("driver: btrfs\n", File.ReadAllText(Store["real.yaml"]));
        Assert.NotNull(new FileInfo(_configured.Path).LinkTarget);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Deserialize)]
    public void Settings_of_one_machine_are_set_on_another(string transport)
    {
        _configured.Write("root: /srv/store\nregistries:\n  docker.io:\n    mirrors: [https://a, https://b]\n    insecure: false\nlimits:\n  maxEntries: 5\n");
        Store.Run($"Get-StorageConfiguration -Scope User {transport} | Set-StorageConfiguration -Path $args[0]; Get-StorageConfiguration -Scope User {transport} | Export-StorageConfiguration $args[1]", Store["set.yaml"], Store["export.json"]);
        var expected = "root=/srv/store,registries.docker.io.insecure=False,registries.docker.io.mirrors=https://a https://b,limits.maxEntries=5";
        foreach (var name in (string[])["set.yaml", "export.json"])
            Assert.Equal(expected, Store.Text("Get-StorageConfiguration -Path $args[0] | ForEach-Object { \"$_=$($_.Value)\" }", Store[name]));
    }

    [Fact]
    public void Test_reports_every_problem_with_its_place()
    {
        _configured.Write("driver: vfs\nrot: 1\ndriverOptions:\n  overlay2.size: 1G\nlimits:\n  maxEntries: no\n");
        Assert.Equal(
            "2:1 rot Error,4:3 driverOptions.overlay2.size Warning,6:15 limits.maxEntries Error",
            Store.Text("Test-StorageConfiguration | ForEach-Object { \"$($_.Line):$($_.Column) $($_.Setting) $($_.Severity)\" }"));
        Assert.Equal("False", Store.Text("Test-StorageConfiguration -Quiet"));
        Assert.Equal("3", Store.Text("@([IO.FileInfo]::new($args[0]) | Test-StorageConfiguration).Count", _configured.Path));
        Assert.Equal("3", Store.Text("@($args[0] | Test-StorageConfiguration).Count", _configured.Path.Replace("layerstore.yaml", "*.yaml", StringComparison.Ordinal)));
        Assert.Equal("True", Store.Text("Test-StorageConfiguration -Text 'driver: vfs' -Quiet"));
        Assert.Equal("False", Store.Text("Test-StorageConfiguration -Text 'driver: [' -Quiet"));
        File.WriteAllBytes(_configured.Path, [(byte)'a', 0xff]);
        Assert.Equal("1", Store.Text("(Test-StorageConfiguration).Line"));
        File.Delete(_configured.Path);
        Assert.Equal("True", Store.Text("Test-StorageConfiguration -Quiet"));
        Environment.SetEnvironmentVariable("LAYERSTORE_DRIVER", "zip");
        Assert.Equal("$env:LAYERSTORE_DRIVER", Store.Text("(Test-StorageConfiguration).Path"));
        Assert.StartsWith("ConfigurationNotFound,", Store.Error("Test-StorageConfiguration ./nowhere.yaml").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.yaml", "", "# yaml-language-server: $schema=")]
    [InlineData("x.json", "", "{\n  \"$schema\": \"")]
    [InlineData("x.yaml", "-Format Json", "{\n  \"$schema\": \"")]
    public void Export_writes_what_Import_takes(string name, string how, string begins)
    {
        _configured.Write(Commented);
        Environment.SetEnvironmentVariable("LAYERSTORE_ROOT", "/srv/environment");
        Assert.Equal(name, Store.Text($"(Export-StorageConfiguration $args[0] {how} -PassThru).Name", Store[name]));
        var text = File.ReadAllText(Store[name]);
        Assert.StartsWith(begins, text, StringComparison.Ordinal);
        Assert.True(File.Exists(System.Text.RegularExpressions.Regex.Match(text, "/[^\"\n]*LayerStore.schema.json").Value), text);
        Assert.Equal("True", Store.Text("Test-StorageConfiguration $args[0] -Quiet", Store[name]));
        File.WriteAllText(Store["target.yaml"], "# stays\nlimits:\n  maxPathDepth: 9\n");
        Assert.Equal("root,driver,limits.maxEntries", Store.Text("Import-StorageConfiguration $args[0] -DestinationPath $args[1] -PassThru", Store[name], Store["target.yaml"]));
        Assert.Equal("# stays\nlimits:\n  maxPathDepth: 9\n  maxEntries: 1000\nroot: /srv/environment\ndriver: vfs\n", File.ReadAllText(Store["target.yaml"]));
        Store.Run("Import-StorageConfiguration $args[0] -DestinationPath $args[1] -Replace", Store[name], Store["target.yaml"]);
        Assert.Equal("# stays\nlimits:\n  maxEntries: 1000\nroot: /srv/environment\ndriver: vfs\n", File.ReadAllText(Store["target.yaml"]));
    }

    [Theory]
    [InlineData("Set-StorageConfiguration dri", "driver,driverOptions.")]
    [InlineData("Set-StorageConfiguration driver o", "overlay2")]
    [InlineData("Set-StorageConfiguration -Name registries.docker.io.insecure -Value ", "true,false")]
    [InlineData("Set-StorageConfiguration driverOptions.overlay2.override_kernel_check t", "true")]
    [InlineData("Set-StorageConfiguration -Setting driver=v", "driver=vfs")]
    [InlineData("Get-StorageConfiguration registries.", "registries.docker.io.mirrors,registries.mine.example.mirrors")]
    [InlineData("Set-StorageConfiguration -Scope U", "User")]
    public void Settings_and_their_values_are_completed(string line, string expected)
    {
        _configured.Write("registries:\n  mine.example:\n    insecure: true\n");
        using var shell = PowerShell.Create(Store.Session.Runspace);
        var offered = CommandCompletion.CompleteInput(line, line.Length, [], shell).CompletionMatches.Select(match => match.CompletionText).ToArray();
        Assert.All(expected.Split(','), text => Assert.Contains(offered, offer => offer.StartsWith(text, StringComparison.Ordinal)));
    }
}
