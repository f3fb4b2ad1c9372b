using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>What a terminal would obey comes from archives and containers into views, errors, progress and messages as text that it shows.</summary>
public sealed class UnprintableNameTests : IDisposable
{
    // Resets the terminal, rings, turns the reading direction, and begins a sequence with one character. No bracket, which would make a pattern of it.
    private const string Evil = "x\u001bc\u0007\u202e\u009b7m";

    private readonly StoreSession _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Views_progress_and_messages_show_them_and_do_not_pass_them_on()
    {
        var archive = SavedImage.WriteNoted(_store[$"a{Evil}.tar"], "app:1", Evil, new Dictionary<string, string> { ["d/" + Evil] = "1" }, new Dictionary<string, string> { ["e/" + Evil] = "2" });
        _store.Session.Screen.Progress.Clear();

        AssertPlain("Import-ContainerImage $args[0] -Verbose; Import-ContainerImage $args[0] -WhatIf", archive);
        foreach (var record in _store.Session.Screen.Progress)
            Assert.DoesNotContain(record.Activity + record.StatusDescription + record.CurrentOperation, character => char.IsControl(character));
        AssertPlain("New-Container app:1 -Name c1 -Label @{ $args[0] = $args[0] }; [IO.File]::WriteAllText(\"$(Mount-Container c1)/$($args[0])\", '3')", Evil);
        foreach (var script in (string[])["Get-ContainerImage", "Get-ContainerImage | Format-List", "Get-ContainerImageHistory app:1", "Get-Container", "Get-Container -Size", "Get-ContainerLayer", "Get-ContainerMount", "Get-StorageInfo"])
            AssertPlain(script);
        Assert.Contains("\\u001bc", AssertPlain("Get-ContainerChange c1"), StringComparison.Ordinal);
        Assert.Contains("\\u001bc", AssertPlain("$layers = Get-ContainerLayer; Compare-ContainerLayer $layers[0].Id $layers[1].Id"), StringComparison.Ordinal);
        // Objects of several types in one stream PowerShell lists by their properties, without any view.
        AssertPlain("Get-StorageDriver vfs; Get-ContainerImage; Get-ContainerImageHistory app:1; Get-Container; Get-ContainerLayer; Get-ContainerMount; Get-StorageInfo");
        Assert.Contains("PathText : /", AssertPlain("Get-StorageDriver vfs; Get-ContainerChange c1"), StringComparison.Ordinal);
        AssertPlain("$layers = Get-ContainerLayer; Get-StorageDriver vfs; Compare-ContainerLayer $layers[0].Id $layers[1].Id");
        Assert.Equal(["Kind", "Path"], _store.Run("(Get-ContainerChange c1)[0] | ForEach-Object { $_.PSObject.Properties.Name } | Where-Object { $_ -in 'Kind', 'Path', 'PathText' }").Select(name => name.ToString()));
        AssertPlain("Export-ContainerImage app:1 $args[0] -Verbose", _store[$"out{Evil}"]);
        AssertPlain("Export-Container c1 $args[0] -Verbose", _store[$"flat{Evil}"]);
        AssertPlain("Remove-Container c1 -Force -Verbose; Remove-ContainerImage app:1 -Verbose");
    }

    [Fact]
    public void Errors_show_them()
    {
        var archive = SavedImage.WriteNoted(_store["bad.tar"], "bad:1", Evil, new Dictionary<string, string> { ["a"] = "1", [$"{Evil}/../../x"] = "2" });
        foreach (var (script, argument) in ((string, string)[])
        [
            ("Import-ContainerImage $args[0]", archive), ("Import-ContainerImage $args[0]", _store[Evil]), ("Get-ContainerImage $args[0]", Evil), ("New-Container $args[0]", Evil), ("Get-Container $args[0]", Evil),
            ("New-Container -Name $args[0]", Evil), ("Remove-Container $args[0]", Evil), ("Add-ContainerImageTag $args[0] b:1", Evil), ("Request-ContainerImage $args[0]", Evil), ("Get-ContainerChange $args[0]", Evil),
        ])
        {
            var error = _store.Error(script, argument);
            Assert.DoesNotContain(error + error.ErrorDetails?.RecommendedAction, character => char.IsControl(character) || character == '\u202e');
        }
    }

    /// <summary>Shows what a script emits and says, which must be plain; gives it.</summary>
    private string AssertPlain(string script, params object?[] arguments)
    {
        var text = _store.Session.Show(script, arguments);
        Assert.True(text.All(character => character == '\n' || (!char.IsControl(character) && character != '\u202e')), text);
        return text;
    }
}
