using System.Net;
using System.Net.Sockets;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>-WhatIf says what would happen, with bytes, and touches nothing.</summary>
public sealed class WhatIfTests : IClassFixture<WhatIfTests.Stocked>
{
    private readonly StoreSession _store;

    public WhatIfTests(Stocked stocked) => _store = stocked.Store;

    /// <summary>
    /// What is asked, and what the answer must name. $args: an archive, a place to write to, and the address of a registry that nobody may call.
    /// </summary>
    public static TheoryData<string, string> Table { get; } = new()
    {
        { "Import-ContainerImage $args[0]", "small.tar (2.14MB)" },
        { "Import-ContainerImage /etc/hosts -RootFs", "hosts (" },
        { "Export-ContainerImage small $args[1]", "new (1 image(s) of 1.98MB)" },
        { "Request-ContainerImage \"$($args[2])/x\"", "/x:latest" },
        { "Submit-ContainerImage small \"$($args[2])/x:2\"", "Push image to 127.0.0.1:" },
        { "ConvertTo-ContainerImage c1 made:1 -Squash", "Make made:1" },
        { "Export-Container c1 $args[1]", "Export the tree of c1" },
        { "Copy-ContainerFile c1 /etc/passwd $args[1]", "Copy c1:/etc/passwd" },
        { "Copy-ContainerFile c1 /etc/hosts /new -ToContainer", "Copy /etc/hosts (" },
        { "New-Container small -Name c9", "c9 on small:latest (virtual 1.98MB)" },
        { "New-Container small -Name c9 -Mount v9:/data", "c9 on small:latest (virtual 1.98MB)" },
        { "Remove-Container c1 -Volume", "c1 (1kB of changes)" },
        { "New-Container -Empty -Name c9", "c9 on nothing (0B)" },
        { "Mount-Container c1", "c1 on small:latest" },
        { "Mount-Container c1 -Path $args[1]", "Mount container at " },
        { "Dismount-Container c2", "c2 at " },
        { "Dismount-Container -All", "c2 at " },
        { "Rename-Container c1 c9", "Rename container to c9" },
        { "Remove-Container c1", "c1 (1kB of changes)" },
        { "Get-Container | Remove-Container -Force", "c1 (1kB of changes)" },
        { "New-ContainerVolume v9 -Size 1GB", "v9 (at most 1.07GB)" },
        { "Remove-ContainerVolume v1", "v1 (1kB)" },
        { "Export-ContainerVolume v1 $args[1]", "Export the volume v1" },
        { "Import-ContainerVolume $args[0] v9", "Import into the volume v9" },
        { "Clear-UnusedStorage", "c1 (1kB)" },
        { "Clear-UnusedStorage Layer", "(3B)" },
        { "Copy-ContainerImage small $args[1]", "small (1.98MB in 1 layers)" },
        { "Export-ContainerLayer (Get-ContainerLayer -Image small).Id $args[1]", "(2.13MB uncompressed)" },
        { "Import-ContainerLayer $args[0]", "small.tar (2.14MB)" },
        { "Get-ContainerLayer -Unreferenced | Remove-ContainerLayer", "(3B)" },
        { "Remove-ContainerImage small", "small (1.98MB in 1 layers)" },
        { "Add-ContainerImageTag small other:1", "Add name other:1" },
        { "Remove-ContainerImageTag small", "small (1.98MB)" },
        { "Measure-StorageDriver vfs", "vfs in " },
        { "Initialize-Storage -Driver vfs", "Initialize storage with driver vfs" },
        { "Set-StorageConfiguration driver vfs -Path $args[1]", "Set driver to vfs" },
        { "Export-StorageConfiguration $args[1] -Name driver, limits.*", "Export 10 settings as Yaml" },
        { "Import-StorageConfiguration /dev/null -DestinationPath $args[1]", "Import 0 settings from /dev/null" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Nothing_is_touched_and_the_thing_is_named(string script, string expected)
    {
        using var registry = new TcpListener(IPAddress.Loopback, 0);
        registry.Start();
        var before = Everything();

        var text = _store.Session.Show(script + " -WhatIf", SavedImage.Small, _store["new"], registry.LocalEndpoint.ToString());

        Assert.Contains("What if: ", text, StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        AssertUnchanged(before);
        Assert.False(registry.Pending(), "Somebody was called.");
    }

    [Fact]
    public void Every_cmdlet_that_changes_something_is_in_the_table()
    {
        var changers = Cmdlets.All.Where(cmdlet => cmdlet.Attribute.SupportsShouldProcess).Select(cmdlet => cmdlet.Name);
        var tried = Table.Select(row => ((string)row[0]).Split('|', ' ').Last(word => word.Contains('-', StringComparison.Ordinal) && char.IsAsciiLetterUpper(word[0])));
        Assert.Empty(changers.Except(tried, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Import-ContainerImage $args[0]")]
    [InlineData("Request-ContainerImage localhost:1/x")]
    [InlineData("New-Container -Empty")]
    [InlineData("Import-ContainerLayer $args[0]")]
    [InlineData("Initialize-Storage")]
    [InlineData("Measure-StorageDriver")]
    [InlineData("Initialize-Storage -Driver vfs -PassThru")]
    public void No_root_is_made(string script)
    {
        var root = _store["never"];

        var output = _store.Session.Try(script + " -WhatIf -Root $args[1]", SavedImage.Small, root);

        Assert.Empty(output.Output);
        Assert.Empty(output.Errors);
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void The_preference_variable_counts_too()
    {
        var before = Everything();

        _store.Session.Show("$WhatIfPreference = $true; Get-Container | Remove-Container -Force; New-Container small");

        AssertUnchanged(before);
    }

    private void AssertUnchanged(string before)
    {
        var after = Everything();
        Assert.True(before == after, string.Join('\n', after.Split('\n').Except(before.Split('\n')).Prepend("New or changed:")));
    }

    /// <summary>All that lies on disk, the database and its log included, and all mounts.</summary>
    private string Everything() => _store.Fingerprint(_store.Directory) + '\n' + string.Join('\n', File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(_store.Directory, StringComparison.Ordinal)));

    public sealed class Stocked : IDisposable
    {
        internal StoreSession Store { get; } = StoreSession.With("""
            Import-ContainerImage $args[0] | New-Container -Name c1 | Mount-Container | ForEach-Object { [IO.File]::WriteAllText("$_/f", 'x' * 1000) }
            Dismount-Container c1
            New-Container small -Name c2 | Mount-Container
            [IO.File]::WriteAllText((New-ContainerVolume v1).Mountpoint + '/f', 'x' * 1000)
            $null = New-Container -Empty -Name c3 | Mount-Container | ForEach-Object { [IO.File]::WriteAllText("$_/f", 'xyz') }
            Dismount-Container c3
            $null = ConvertTo-ContainerImage c3 made:1 | Get-ContainerLayer | Export-ContainerLayer -DestinationPath "$($PSDefaultParameterValues['*Container*:Root'])/../layer.tar" | Import-ContainerLayer
            Remove-Container c3
            Remove-ContainerImage made:1
            """, SavedImage.Small);

        public void Dispose() => Store.Dispose();
    }
}
