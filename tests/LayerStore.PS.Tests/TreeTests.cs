using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Layers as a tree.</summary>
public sealed class TreeTests : IClassFixture<TreeTests.Stocked>
{
    private readonly StoreSession _store;

    public TreeTests(Stocked stocked) => _store = stocked.Store;

    [Fact]
    public void Shared_layers_are_the_stem_and_images_the_branches()
    {
        Assert.Equal(
            """
             2B
             2B
            ├─  5B one:1
            └─  5B two:1
               ├─  1B three:1
               └─  1B four:1
             3B other:1
            """.ReplaceLineEndings("\n"),
            Shape("Get-ContainerLayer -Tree"));
    }

    [Fact]
    public void The_tree_of_some_images_has_only_their_layers() => Assert.Equal(" 2B\n 2B\n 5B two:1\n 1B three:1", Shape("Get-ContainerLayer -Image three:1, two:1 -Tree"));

    [Fact]
    public void A_table_shows_it_and_so_does_Format_Custom()
    {
        var table = _store.Session.Show("Get-ContainerLayer -Tree").Split('\n');
        Assert.Equal(["LAYER", "ID", "CREATED", "REFS", "SIZE", "IMAGES"], table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("├─ ", table[4], StringComparison.Ordinal);
        Assert.EndsWith("one:1", table[4], StringComparison.Ordinal);

        var custom = _store.Session.Show("Get-ContainerLayer -Tree | Format-Custom").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, custom.Length);
        Assert.Matches("^├─ [0-9a-f]{12} 5B  one:1$", custom[2]);
    }

    [Fact]
    public void Objects_of_another_session_are_drawn_as_well() => Assert.Contains(
        "└─ ", _store.Session.Show("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(@(Get-ContainerLayer -Tree), 3))"), StringComparison.Ordinal);

    [Theory]
    [InlineData("utf-8", "│  └─ ├─ ")]
    [InlineData("us-ascii", "|  `- |- ")]
    [InlineData("iso-8859-1", "|  `- |- ")]
    public void Terminals_without_lines_get_plain_ones(string encoding, string expected) => Assert.Equal(
        expected, _store.Text("[LayerStore.PS.Formatting.LayerTree]::Draw($args[0], [Text.Encoding]::GetEncoding($args[1]))", "│  └─ ├─ ", encoding));

    [Fact]
    public void Hundreds_of_layers_on_each_other_stay_narrow()
    {
        using var deep = new StoreSession();
        var archive = SavedImage.Write(deep["deep.tar"], "deep:1", Enumerable.Range(0, 120).Select(number => new Dictionary<string, string> { [$"f{number}"] = "x" }));
        deep.Run("Initialize-Storage -Driver vfs; $null = Import-ContainerImage $args[0]", archive);

        Assert.Equal("120,", deep.Text("$tree = @(Get-ContainerLayer -Tree); $tree.Count; -join $tree.Branch"));
    }

    private string Shape(string command) => string.Join('\n', _store.Run(command + " | ForEach-Object { \"$($_.Branch) $([LayerStore.ByteSize]::Format($_.Size)) $($_.EndOf)\" }").Select(line => line.ToString().TrimEnd()));

    /// <summary>Five images: four on the same two layers, two of them on a third, and one that stands alone.</summary>
    public sealed class Stocked : IDisposable
    {
        public Stocked()
        {
            Store = new StoreSession();
            Dictionary<string, string> a = new() { ["a"] = "aa" }, b = new() { ["b"] = "bb" }, c = new() { ["c"] = "ccccc" }, d = new() { ["d"] = "ddddd" };
            Write("one:1", a, b, c);
            Write("two:1", a, b, d);
            Write("three:1", a, b, d, new Dictionary<string, string> { ["e"] = "e" });
            Write("four:1", a, b, d, new Dictionary<string, string> { ["f"] = "f" });
            Write("other:1", new Dictionary<string, string> { ["g"] = "ggg" });
        }

        internal StoreSession Store { get; }

        public void Dispose() => Store.Dispose();

        private void Write(string name, params IReadOnlyDictionary<string, string>[] layers)
        {
            Store.Run("if (-not (Get-StorageInfo).Initialized) { Initialize-Storage -Driver vfs }; $null = Import-ContainerImage $args[0]", SavedImage.Write(Store[name.Replace(':', '-') + ".tar"], name, layers));
        }
    }
}
