using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>-WhatIf says what would happen, with bytes, and touches nothing.</summary>
public sealed class WhatIfTests : IClassFixture<WhatIfTests.Stocked>
{
    private readonly StoreSession _store;

    public WhatIfTests(Stocked stocked) => _store = stocked.Store;

    [Theory]
    [InlineData("Import-ContainerImage $args[0]", "small.tar (2.14MB)")]
    [InlineData("Export-ContainerImage small /tmp/x.tar", "x.tar (1 image(s) of 1.98MB)")]
    [InlineData("Request-ContainerImage localhost:1/x", "localhost:1/x:latest")]
    [InlineData("Submit-ContainerImage small localhost:1/x:2", "Push image to localhost:1/x:2")]
    [InlineData("ConvertTo-ContainerImage c1 made:1 -Squash", "Make made:1")]
    [InlineData("Export-Container c1 /tmp/x.tar", "Export the tree of c1")]
    [InlineData("Copy-ContainerFile c1 /etc/passwd /tmp/x", "Copy c1:/etc/passwd")]
    [InlineData("Copy-ContainerFile c1 /etc/hosts /new -ToContainer", "Copy /etc/hosts (")]
    [InlineData("Import-ContainerImage /etc/hosts -RootFs", "hosts (")]
    [InlineData("New-Container small -Name c9", "c9 on small:latest (virtual 1.98MB)")]
    [InlineData("New-Container -Empty -Name c9", "c9 on nothing (0B)")]
    [InlineData("Mount-Container c1", "c1 on small:latest")]
    [InlineData("Mount-Container c1 -Path /tmp/x", "Mount container at /tmp/x")]
    [InlineData("Dismount-Container c2", "c2 at ")]
    [InlineData("Dismount-Container -All", "c2 at ")]
    [InlineData("Rename-Container c1 c9", "Rename container to c9")]
    [InlineData("Remove-Container c1", "c1 (1kB of changes)")]
    [InlineData("Get-Container | Remove-Container -Force", "c1 (1kB of changes)")]
    [InlineData("Remove-ContainerImage small", "small (1.98MB in 1 layers)")]
    [InlineData("Add-ContainerImageTag small other:1", "Add name other:1")]
    [InlineData("Remove-ContainerImageTag small", "small (1.98MB)")]
    [InlineData("Measure-StorageDriver vfs", "vfs in ")]
    [InlineData("Initialize-Storage -Driver vfs", "Initialize storage with driver vfs")]
    public void Nothing_is_touched_and_the_thing_is_named(string script, string expected)
    {
        var before = _store.Fingerprint();

        var text = _store.Session.Show(script + " -WhatIf", SavedImage.Small);

        Assert.Contains("What if: ", text, StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(before, _store.Fingerprint());
    }

    [Theory]
    [InlineData("Import-ContainerImage $args[0]")]
    [InlineData("Request-ContainerImage localhost:1/x")]
    [InlineData("New-Container -Empty")]
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
        var before = _store.Fingerprint();

        _store.Session.Show("$WhatIfPreference = $true; Get-Container | Remove-Container -Force; New-Container small");

        Assert.Equal(before, _store.Fingerprint());
    }

    public sealed class Stocked : IDisposable
    {
        internal StoreSession Store { get; } = StoreSession.With("""
            Import-ContainerImage $args[0] | New-Container -Name c1 | Mount-Container | ForEach-Object { [IO.File]::WriteAllText("$_/f", 'x' * 1000) }
            Dismount-Container c1
            New-Container small -Name c2 | Mount-Container
            """, SavedImage.Small);

        public void Dispose() => Store.Dispose();
    }
}
