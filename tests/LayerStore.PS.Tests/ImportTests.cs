using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Progress of an import, and what is left when it is stopped.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly StoreSession _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Progress_is_one_bar_for_the_image_and_one_for_each_layer()
    {
        SavedImage.Write(_store["app.tar"], "app:1", SavedImage.ManyFiles(3000), new Dictionary<string, string> { ["a"] = "x" });

        _store.Run("Import-ContainerImage $args[0]", _store["app.tar"]);

        var records = _store.Session.Screen.Progress.Where(record => record.Activity != "Preparing modules for first use.").ToArray();
        var parent = records.First(record => record.ParentActivityId < 0);
        Assert.Equal("Importing app.tar", parent.Activity);
        Assert.Matches(@"^app:1: \d of 2 layers, [\d.]+[kM]?B/[\d.]+[kM]?B$", parent.StatusDescription);
        var children = records.Where(record => record.ParentActivityId == parent.ActivityId).ToArray();
        Assert.Equal(2, children.Select(record => record.ActivityId).Distinct().Count());
        Assert.All(children, record => Assert.Matches("^Layer [12](/2 [0-9a-f]{12})?$", record.Activity));
        Assert.All(records, record => Assert.InRange(record.Activity.Length, 1, 40));
        Assert.All(records, record => Assert.InRange(record.PercentComplete, -1, 100));
        // Whatever was shown is taken away again.
        foreach (var activity in records.GroupBy(record => record.ActivityId))
            Assert.Equal(ProgressRecordType.Completed, activity.Last().RecordType);
    }

    [Fact]
    public void A_layer_that_is_there_is_not_imported_again()
    {
        var messages = _store.Session.Try("Import-ContainerImage $args[0] | Out-Null; Import-ContainerImage $args[0] -Reference again:1 -Verbose", SavedImage.Small);

        Assert.Empty(messages.Errors);
        Assert.Equal("1", _store.Text("(Get-StorageInfo).Layers"));
        Assert.Equal("again:1,small:latest", string.Join(",", _store.Run("Get-ContainerImage").Select(image => image.ToString()).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Stopping_an_import_leaves_a_clean_store()
    {
        SavedImage.Write(_store["big.tar"], "big:1", SavedImage.ManyFiles(60_000));
        _store.Run("Import-ContainerImage $args[0]", SavedImage.Small);
        var before = _store.Text("$i = Get-StorageInfo; $i.Images; $i.Layers");
        var directories = LayerDirectories();

        using var shell = _store.Session.Shell("Import-ContainerImage $args[0]", _store["big.tar"]);
        _store.Session.Screen.Progress.Clear();
        var running = shell.BeginInvoke();
        while (!running.IsCompleted && !_store.Session.Screen.Progress.Any(record => record.StatusDescription.StartsWith("Extracting", StringComparison.Ordinal)))
            await Task.Delay(5);
        await Task.Run(shell.Stop);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Equal(before, _store.Text("$i = Get-StorageInfo; $i.Images; $i.Layers"));
        Assert.Equal(directories, LayerDirectories());
        Assert.Equal("big:1", _store.Text("Import-ContainerImage $args[0]", _store["big.tar"]));
    }

    [Fact]
    public void A_pipeline_that_has_enough_stops_the_import_between_images()
    {
        SavedImage.Write(_store["a.tar"], "a:1", new Dictionary<string, string> { ["a"] = "x" });
        SavedImage.Write(_store["b.tar"], "b:1", new Dictionary<string, string> { ["b"] = "x" });

        var result = _store.Session.Try("Import-ContainerImage $args[0], $args[1] | ForEach-Object { throw 'enough' }", _store["a.tar"], _store["b.tar"]);

        Assert.Contains("enough", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal("a:1", _store.Text("Get-ContainerImage"));
    }

    private string[] LayerDirectories() =>
        [.. Directory.GetDirectories(_store.Root).Where(path => !path.EndsWith("/mnt", StringComparison.Ordinal)).SelectMany(Directory.GetDirectories).Order(StringComparer.Ordinal)];
}
