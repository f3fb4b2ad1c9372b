using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>How users and pipelines say which container, image or layer they mean.</summary>
public sealed class SelectionTests : IClassFixture<SelectionTests.Stocked>
{
    private readonly StoreSession _store;

    public SelectionTests(Stocked stocked) => _store = stocked.Store;

    [Theory]
    [InlineData("web1", "web1")]
    [InlineData("web*", "web2,web1")]
    [InlineData("WEB?", "web2,web1")]
    [InlineData("[dw]*[1b]", "db,web1")]
    [InlineData("none*", "")]
    [InlineData("web2,db", "web2,db")]
    public void Containers_are_found_by_name_and_wildcard(string names, string expected) =>
        Assert.Equal(expected, _store.Text("Get-Container $args[0]", (object)names.Split(',')));

    [Fact]
    public void Containers_are_found_by_id_and_unique_prefix()
    {
        Assert.Equal("db", _store.Text("Get-Container (Get-Container db).Id"));
        Assert.Equal("db", _store.Text("Get-Container (Get-Container db).Id.Substring(0, 12)"));
        Assert.Equal("db", _store.Text("Get-Container -Id (Get-Container db).Id"));
        Assert.Equal("db", _store.Text("'db' | Get-Container"));
        Assert.Equal("db", _store.Text("Get-Container -Container db"));
    }

    [Fact]
    public void A_name_that_nothing_has_is_an_error_and_the_others_are_still_found()
    {
        var result = _store.Session.Try("Get-Container web1, nobody, db");

        Assert.Equal(["web1", "db"], result.Output.Select(item => item.ToString()));
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("ContainerNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("nobody", error.TargetObject.ToString());
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("-Label role=web", "web2,web1")]
    [InlineData("-Label role", "db,web2,web1")]
    [InlineData("-Label @{ role = 'db' }", "db")]
    [InlineData("-Label role=web, nr=2", "web2")]
    [InlineData("-Image small", "web2,web1")]
    [InlineData("-Image small:latest -Last 1", "web2")]
    [InlineData("-Image sm*", "web2,web1")]
    [InlineData("-Image other", "")]
    [InlineData("-State Mounted", "")]
    [InlineData("-State created -Last 2", "db,web2")]
    [InlineData("-Last 1", "db")]
    public void Containers_are_filtered(string filter, string expected) => Assert.Equal(expected, _store.Text("Get-Container " + filter));

    [Theory]
    [InlineData("Get-ContainerImage", "copy:1,small:latest")]
    [InlineData("Get-ContainerImage small", "small:latest")]
    [InlineData("Get-ContainerImage s*", "small:latest")]
    [InlineData("Get-ContainerImage *:1", "copy:1")]
    [InlineData("Get-ContainerImage 8a86c9c7acf7 | ForEach-Object LayerCount", "1")]
    [InlineData("Get-ContainerImage -Dangling", "")]
    [InlineData("(Get-Container web1 | Get-ContainerImage).Id -eq (Get-ContainerImage small).Id", "True")]
    [InlineData("Get-Container db | Get-ContainerImage", "")]
    [InlineData("Get-Container db | Get-ContainerLayer", "")]
    [InlineData("'small', 'copy:1' | Get-ContainerImage", "small:latest,copy:1")]
    public void Images_are_found(string script, string expected) =>
        Assert.Equal(expected, string.Join(",", _store.Run(script).Select(item => item.ToString()).Order(script.StartsWith('\'') ? Comparer<string?>.Create((_, _) => 0) : StringComparer.Ordinal)));

    [Theory]
    [InlineData("Get-ContainerLayer")]
    [InlineData("Get-ContainerLayer -Image small")]
    [InlineData("Get-ContainerImage small | Get-ContainerLayer")]
    [InlineData("Get-Container web1 | Get-ContainerLayer")]
    [InlineData("Get-ContainerLayer (Get-ContainerLayer).DiffId")]
    [InlineData("Get-ContainerLayer (Get-ContainerLayer).Id.Substring(0, 10)")]
    [InlineData("(Get-ContainerLayer).Id | Get-ContainerLayer")]
    [InlineData("Get-ContainerLayer *")]
    [InlineData("Get-ContainerImage | Get-ContainerLayer -ErrorAction Stop | ForEach-Object { if (-not $done) { $_; $done = $true } }")]
    public void Layers_are_found(string script) =>
        Assert.Equal("sha256:f6f4c801e907", ((string)_store.Run(script).Single().Properties["DiffId"].Value)[..19]);

    [Theory]
    [InlineData("Get-Container x", "ContainerNotFound")]
    [InlineData("Get-ContainerSize x", "ContainerNotFound")]
    [InlineData("Get-ContainerImage x", "ImageNotFound")]
    [InlineData("Get-ContainerImageHistory x", "ImageNotFound")]
    [InlineData("Export-ContainerImage x /tmp/x.tar", "ImageNotFound")]
    [InlineData("Submit-ContainerImage x", "ImageNotFound")]
    [InlineData("Get-ContainerLayer 00", "LayerNotFound")]
    [InlineData("Get-ContainerChange x", "ContainerNotFound")]
    [InlineData("Compare-ContainerLayer x y", "LayerNotFound")]
    [InlineData("ConvertTo-ContainerImage x y", "ContainerNotFound")]
    [InlineData("Export-Container x /tmp/x.tar", "ContainerNotFound")]
    [InlineData("Mount-Container x", "ContainerNotFound")]
    [InlineData("Remove-Container x", "ContainerNotFound")]
    [InlineData("New-Container x", "ImageNotFound")]
    [InlineData("Add-ContainerImageTag x y", "ImageNotFound")]
    [InlineData("Remove-ContainerImage x", "ImageNotFound")]
    [InlineData("Rename-Container x yy", "ContainerNotFound")]
    public void Without_a_store_names_are_errors_and_nothing_is_made(string script, string id)
    {
        var root = _store["nothing"];

        var error = _store.Error(script + " -Root $args[0]", root);

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists(root));
    }

    [Theory]
    [InlineData("Get-Container")]
    [InlineData("Get-Container -Size")]
    [InlineData("Get-ContainerSize *")]
    [InlineData("Get-ContainerImage")]
    [InlineData("Get-ContainerImage a*")]
    [InlineData("Get-ContainerLayer")]
    [InlineData("Get-ContainerMount")]
    [InlineData("Remove-Container *")]
    [InlineData("Dismount-Container -All")]
    public void Without_a_store_there_is_nothing_and_nothing_is_made(string script)
    {
        var root = _store["nothing"];

        Assert.Empty(_store.Run(script + " -Root $args[0]", root));
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void Storage_info_of_a_root_without_a_store_makes_nothing()
    {
        var root = _store["nothing"];

        Assert.Equal("False,0", _store.Text("$i = Get-StorageInfo $args[0]; $i.Initialized; $i.Images", root));
        Assert.False(Directory.Exists(root));
    }

    public sealed class Stocked : IDisposable
    {
        internal StoreSession Store { get; } = StoreSession.With("""
            Import-ContainerImage $args[0] | Out-Null
            Add-ContainerImageTag small copy:1
            New-Container small -Name web1 -Label role=web, nr=1
            New-Container small -Name web2 -Label @{ role = 'web'; nr = 2 }
            New-Container -Empty -Name db -Label role=db
            """, SavedImage.Small);

        public void Dispose() => Store.Dispose();
    }
}
