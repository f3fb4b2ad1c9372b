using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>What Tab offers.</summary>
public sealed class CompletionTests : IClassFixture<CompletionTests.Stocked>
{
    private readonly StoreSession _store;

    public CompletionTests(Stocked stocked) => _store = stocked.Store;

    [Theory]
    [InlineData("Remove-Container w", "web1")]
    [InlineData("Remove-Container -Force w", "web1,web2")]
    [InlineData("Mount-Container w", "web1,web2")]
    [InlineData("Get-Container -Name web1, w", "web1,web2")]
    [InlineData("Dismount-Container ", "web2")]
    [InlineData("Get-ContainerMount w", "web2")]
    [InlineData("New-Container s", "small:latest")]
    [InlineData("Export-ContainerImage s", "small:latest")]
    [InlineData("Request-ContainerImage s", "small:latest")]
    [InlineData("Submit-ContainerImage s", "small:latest")]
    [InlineData("Request-ContainerImage x -Platform linux/s", "linux/s390x")]
    [InlineData("Compare-ContainerLayer small s", "small:latest")]
    [InlineData("Export-ContainerImage s x -Format Oci", "OciArchive,OciLayout")]
    [InlineData("Export-ContainerImage s x -Compression z", "Zstd")]
    [InlineData("Get-Container -Image c", "copy:1")]
    [InlineData("Remove-ContainerImageTag 's", "'small:latest'")]
    [InlineData("Initialize-Storage -Driver ov", "overlay2")]
    [InlineData("Get-StorageDriver v", "vfs")]
    [InlineData("Test-StorageDriver . ov", "overlay2")]
    [InlineData("Initialize-Storage -Driver overlay2 -Option ", "overlay2.inodes=,overlay2.override_kernel_check=,overlay2.size=")]
    [InlineData("Initialize-Storage -Option overlay2.ov", "overlay2.override_kernel_check=")]
    [InlineData("Initialize-Storage -Option overlay2.override_kernel_check=", "overlay2.override_kernel_check=false,overlay2.override_kernel_check=true")]
    [InlineData("Test-StorageDriver -Name vfs -Option ", "size=")]
    [InlineData("Import-ContainerImage x -Platform linux/arm", "linux/arm/v6,linux/arm/v7,linux/arm64")]
    [InlineData("Get-ContainerVolume v", "v-free,v-used")]
    [InlineData("Remove-ContainerVolume v", "v-free")]
    [InlineData("Remove-ContainerVolume -Force v", "v-free,v-used")]
    [InlineData("New-Container small -Mount v", "v-free:/,v-used:/")]
    [InlineData("Get-ContainerVolume -Label k", "keep=yes")]
    [InlineData("Get-Container -State M", "Mounted")]
    [InlineData("Get-Container -Label r", "role=db,role=web")]
    [InlineData("New-Container small -Label role=d", "role=db")]
    [InlineData("Import-ContainerImage x -Limit MaxE", "MaxEntries=")]
    [InlineData("Import-ContainerImage x -Limit MaxEntries=", "MaxEntries=10000000")]
    [InlineData("ConvertTo-ContainerImage web1 x:1 -Change E", "'ENTRYPOINT ','ENV ','EXPOSE '")]
    [InlineData("Submit-ContainerImage small c", "copy:1")]
    [InlineData("Import-ContainerImage x -Reference c", "copy:1")]
    [InlineData("Get-StorageRecommendation Many", "ManyContainers,ManySmallFiles")]
    [InlineData("Measure-StorageDriver -Workload Mount", "MountContainer")]
    public void Names_are_completed(string line, string expected) => Assert.Equal(expected, Complete(WithRoot(line)));

    [Fact]
    public void Ids_are_completed()
    {
        var id = _store.Text("(Get-Container web1).Id");
        Assert.Equal(id[..12], Complete(WithRoot($"Get-Container {id[..6]}")));
        Assert.Equal(id[..12], Complete(WithRoot($"Remove-Container -Id {id[..6]}")));
        Assert.Equal(_store.Text("(Get-Container web2).Id")[..12], Complete(WithRoot("Dismount-Container -Id ")));
        var layer = _store.Text("(Get-ContainerLayer).Id");
        Assert.Equal(layer[..12], Complete(WithRoot($"Get-ContainerLayer {layer[..4]}")));
    }

    [Fact]
    public void Tooltips_say_size_and_age()
    {
        var line = WithRoot("New-Container s");
        var match = Assert.Single(Matches(line));

        Assert.Contains("1.98MB", match.ToolTip, StringComparison.Ordinal);
        Assert.Contains("years ago", match.ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_that_are_known_are_offered()
    {
        var match = Assert.Single(Matches("Get-Container -Root /var/lib/layers"), match => match.ResultType == CompletionResultType.ParameterValue);

        Assert.Equal("/var/lib/layerstore", match.CompletionText);
        Assert.Contains("default", match.ToolTip, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nonexistent/store")]
    [InlineData("relative/store")]
    [InlineData("nodrive:/store")]
    public void Nothing_is_offered_or_made_where_there_is_no_store(string root)
    {
        Assert.DoesNotContain(Matches($"Get-Container -Root {root} w"), match => match.ResultType == CompletionResultType.ParameterValue);
        Assert.False(Directory.Exists("/nonexistent"));
    }

    [Fact]
    public void Completing_changes_nothing()
    {
        var before = _store.Fingerprint();

        Assert.Equal("web1,web2", Complete(WithRoot("Get-Container w")));

        Assert.Equal(before, _store.Fingerprint());
    }

    private string WithRoot(string line)
    {
        // The cursor stands at the end: -Root goes to the front.
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return $"{line[..space]} -Root '{_store.Root}'{line[space..]}";
    }

    private string Complete(string line) => string.Join(",", Matches(line)
        .Where(match => match.ResultType == CompletionResultType.ParameterValue).Select(match => match.CompletionText).Order(StringComparer.Ordinal));

    private IReadOnlyList<CompletionResult> Matches(string line)
    {
        using var shell = PowerShell.Create(_store.Session.Runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, [], shell).CompletionMatches];
    }

    public sealed class Stocked : IDisposable
    {
        internal StoreSession Store { get; } = StoreSession.With("""
            Import-ContainerImage $args[0] | Out-Null
            Add-ContainerImageTag small copy:1
            New-Container small -Name web1 -Label role=web
            New-Container small -Name web2 -Label role=db | Mount-Container
            New-Container -Empty -Name db -Mount v-used:/data
            New-ContainerVolume v-free -Label keep=yes
            """, SavedImage.Small);

        public void Dispose() => Store.Dispose();
    }
}
