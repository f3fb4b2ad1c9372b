using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Objects find their own store, whichever is the default, whether they are of this session or of another.</summary>
public sealed class PipelineTests : IDisposable
{
    private const string Elsewhere = "$PSDefaultParameterValues.Clear(); ";

    // What a remote session or a job hands over.
    private const string Deserialize = "| ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) } ";

    private readonly StoreSession _store = StoreSession.With(
        "Import-ContainerImage $args[0] | Out-Null; New-Container small -Name c1; New-Container small -Name c2", SavedImage.Small);

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(Deserialize)]
    public void Containers(string transport)
    {
        var script = $$"""
            function Piped { Get-Container c1 -Root $root {{transport}} }
            $root = $args[0]
            {{Elsewhere}}
            $env:LAYERSTORE_ROOT = '/nonexistent/store'
            try {
                (Piped | Get-Container).Name
                (Piped | Get-ContainerSize).SizeRootFs
                (Piped | Mount-Container).Count
                (Piped | Get-ContainerMount).Name
                (Piped | Dismount-Container -PassThru).State
                @(Piped | Get-ContainerChange).Count
                (Piped | ConvertTo-ContainerImage -Reference made:1).LayerCount
                (Piped | Export-Container -Path $args[1]).Name
                (Remove-ContainerImage made:1 -Root $root -Confirm:$false -PassThru)[0].Kind
                (Piped | Get-ContainerImage).Reference
                @(Piped | Get-ContainerLayer).Count
                $c = Piped
                (Rename-Container c1 renamed -Root $root -PassThru).Name
                ($c | Get-Container).Name
                ($c | Rename-Container -NewName c1 -PassThru).Name
                ($c | Remove-Container -PassThru -Confirm:$false).Name
                (Get-Container -Root $root).Name
            }
            finally { $env:LAYERSTORE_ROOT = $null }
            """;

        Assert.Equal("c1,1982337,1,c1,Created,0,2,c1,Untagged,small:latest,1,renamed,renamed,c1,c1,c2", _store.Text(script, _store.Root, _store[transport.Length + ".tar"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Deserialize)]
    public void Images(string transport)
    {
        var script = $$"""
            function Piped { Get-ContainerImage small -Root $root {{transport}} }
            $root = $args[0]
            {{Elsewhere}}
            $env:LAYERSTORE_ROOT = '/nonexistent/store'
            try {
                (Piped | Get-ContainerImage).Reference
                @(Piped | Get-ContainerImageHistory).Count
                (Piped | Get-ContainerLayer).RefCount
                (Piped | Export-ContainerImage -Path $args[1] | Import-ContainerImage -Root $root).Reference
                (Piped | New-Container -Name c3).Image
                (Piped | Add-ContainerImageTag -Tag more:1 -PassThru).Reference
                Remove-Container * -Root $root -Confirm:$false
                (Piped | Remove-ContainerImage -Confirm:$false -PassThru).Kind
                (Get-ContainerImage more:1 -Root $root | Remove-ContainerImageTag -PassThru).References.Count
                (Get-ContainerImage -Dangling -Root $root {{transport}} | Remove-ContainerImage -Confirm:$false -PassThru).Type
            }
            finally { $env:LAYERSTORE_ROOT = $null }
            """;

        Assert.Equal("small:latest,2,3,small:latest,small:latest,more:1,Untagged,0,Image,Layer", _store.Text(script, _store.Root, _store[transport.Length + ".tar"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Deserialize)]
    public void Mounts_are_undone_by_what_Mount_Container_emitted(string transport) =>
        Assert.Equal("Created,Created", _store.Text($"Get-Container | Mount-Container {transport} | Dismount-Container -PassThru | ForEach-Object State"));

    [Fact]
    public void Files_of_the_pipeline_are_taken_literally()
    {
        SavedImage.Write(_store["odd[1].tar"], "odd:1", new Dictionary<string, string> { ["f"] = "x" });

        Assert.Equal("odd:1", _store.Text("[IO.FileInfo]::new($args[0]) | Import-ContainerImage", _store["odd[1].tar"]));
        Assert.Equal("odd:1", _store.Text("Import-ContainerImage -LiteralPath $args[0]", _store["odd[1].tar"]));
        Assert.Equal("odd:1", _store.Text("Import-ContainerImage ($args[0] + '/odd*.tar')", _store.Directory));
        Assert.Equal("odd:1", _store.Text("[pscustomobject]@{ PSPath = 'Microsoft.PowerShell.Core\\FileSystem::' + $args[0] } | Import-ContainerImage", _store["odd[1].tar"]));
    }

    [Fact]
    public void A_directory_of_the_pipeline_does_not_make_its_own_root_the_store()
    {
        var error = _store.Error("[IO.DirectoryInfo]::new($args[0]) | Import-ContainerImage", _store.Directory);

        Assert.StartsWith("ArchiveUnrecognized,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("2", _store.Text("@(Get-Container).Count"));
    }

    [Fact]
    public void Strings_are_paths_relative_to_the_current_location()
    {
        SavedImage.Write(_store["a.tar"], "a:1", new Dictionary<string, string> { ["f"] = "x" });

        Assert.Equal("a:1", _store.Text("$ExecutionContext.SessionState.Path.SetLocation($args[0]) | Out-Null; 'a.tar' | Import-ContainerImage", _store.Directory));
        Assert.Equal("c1,c2", _store.Text("$ExecutionContext.SessionState.Path.SetLocation($args[0]) | Out-Null; @((Get-Container -Root store).Name)[1,0]", _store.Directory));
    }

    [Fact]
    public void Strings_are_names()
    {
        Assert.Equal("c1,c2", _store.Text("'c1', 'c2' | Mount-Container | ForEach-Object Name"));
        Assert.Equal("c1,c2", _store.Text("'c1', 'c2' | Dismount-Container -PassThru"));
        Assert.Equal("c3", _store.Text("'c2' | Rename-Container -NewName c3 -PassThru"));
        Assert.Equal("c3", _store.Text("'c3' | Remove-Container -PassThru"));
        Assert.Equal("t:1", _store.Text("'small' | Add-ContainerImageTag -Tag t:1 -PassThru"));
        Assert.Equal("2", _store.Text("@('small' | Get-ContainerImageHistory).Count"));
        Assert.Equal("1", _store.Text("@('t:1' | Remove-ContainerImageTag -PassThru).Count"));
        Assert.Equal("small:latest", _store.Text("('small' | New-Container).Image"));
    }

    [Theory]
    [InlineData("Remove-Container")]
    [InlineData("Mount-Container")]
    [InlineData("Rename-Container -NewName xx")]
    [InlineData("Remove-ContainerImage")]
    [InlineData("Get-ContainerImageHistory")]
    [InlineData("Add-ContainerImageTag -Tag x")]
    [InlineData("Remove-ContainerImageTag")]
    [InlineData("Import-ContainerImage")]
    [InlineData("Request-ContainerImage")]
    [InlineData("Submit-ContainerImage")]
    [InlineData("Export-ContainerImage -Path x")]
    [InlineData("Export-Container -Path x")]
    [InlineData("Get-ContainerChange")]
    [InlineData("ConvertTo-ContainerImage -Reference x")]
    [InlineData("Dismount-Container")]
    public void Nothing_named_is_an_error_and_no_question(string script) =>
        Assert.StartsWith("ArgumentInvalid,", _store.Error(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Objects_are_handed_on_one_by_one()
    {
        SavedImage.Write(_store["a.tar"], "a:1", new Dictionary<string, string> { ["a"] = "x" });
        SavedImage.Write(_store["b.tar"], "b:1", new Dictionary<string, string> { ["b"] = "x" });

        // Each is counted before the next is imported.
        Assert.Equal(
            "a:1=2,b:1=3",
            _store.Text("Import-ContainerImage $args[0], $args[1] | ForEach-Object { \"$_=\" + @(Get-ContainerImage).Count }", _store["a.tar"], _store["b.tar"]));
    }

    [Fact]
    public void Import_emits_one_object_for_an_image_with_several_names()
    {
        _store.Run("Add-ContainerImageTag small second:1");

        Assert.Equal("1", _store.Text("@(Import-ContainerImage $args[0] | New-Container).Count", SavedImage.Small));
    }

    [Fact]
    public void Rows_of_a_table_make_containers() =>
        Assert.Equal(
            "t1 web,t2 db",
            _store.Text("[pscustomobject]@{ Image = 'small'; Name = 't1'; Label = 'role=web' }, [pscustomobject]@{ Image = 'small'; Name = 't2'; Label = 'role=db' } | New-Container | ForEach-Object { \"$_ \" + $_.Labels['role'] }"));

    [Fact]
    public void A_measured_container_has_the_type_name_that_chooses_the_view_with_sizes() =>
        Assert.Equal(
            "LayerStore.Container#Size,LayerStore.Container,0,1982337",
            _store.Text("$c = Get-Container c1 -Size; $c.psobject.TypeNames[0..1]; $c.SizeRw; $c.SizeRootFs"));
}
