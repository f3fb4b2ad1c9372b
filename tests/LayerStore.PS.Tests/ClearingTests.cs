using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Progress of clearing what is not in use.</summary>
public sealed class ClearingTests : IDisposable
{
    private readonly StoreSession _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Progress_counts_what_goes_and_goes_itself()
    {
        _store.Run("1..3 | ForEach-Object { New-Container -Empty -Name c$_ } | Out-Null");

        var cleared = _store.Run("Clear-UnusedStorage Container -Confirm:$false");

        Assert.Equal(3, cleared.Count);
        var records = _store.Session.Screen.Progress.Where(record => record.Activity == "Clearing unused storage").ToArray();
        Assert.Equal(
            ["Looking for what is not in use", "c1: 1 of 3, 0B/0B", "c2: 2 of 3, 0B/0B", "c3: 3 of 3, 0B/0B", "Done"],
            records.Select(record => record.StatusDescription));
        Assert.Equal([-1, 0, 33, 66, -1], records.Select(record => record.PercentComplete));
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Fact]
    public void Progress_goes_where_nothing_is_removed()
    {
        _store.Run("New-Container -Empty | Out-Null; Clear-UnusedStorage Container -WhatIf");

        Assert.Equal(ProgressRecordType.Completed, _store.Session.Screen.Progress.Last(record => record.Activity == "Clearing unused storage").RecordType);
        Assert.Single(_store.Run("Get-Container"));
    }
}
