using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Progress of a measurement, and what is left when it is stopped.</summary>
public sealed class MeasurementTests : IDisposable
{
    private readonly StoreSession _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Stopping_a_measurement_leaves_nothing()
    {
        var place = Directory.CreateDirectory(_store["disk"]).FullName;
        using var shell = _store.Session.Shell("Measure-StorageDriver vfs -Path $args[0] -Iteration 1000", place);
        var running = shell.BeginInvoke();
        while (!running.IsCompleted && !_store.Session.Screen.Progress.Any(record => record.StatusDescription.Contains(" of 1000", StringComparison.Ordinal)))
            await Task.Delay(5);
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(place));

        await Task.Run(shell.Stop);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(Directory.EnumerateFileSystemEntries(place));
    }

    [Fact]
    public void Progress_names_the_driver_and_the_workload_and_goes_again()
    {
        _store.Run("Measure-StorageDriver vfs -Path $args[0] -Iteration 20 -Workload CreateContainer", _store.Directory);

        var records = _store.Session.Screen.Progress.Where(record => record.Activity == "Measuring vfs").ToArray();
        Assert.All(records, record => Assert.Matches("^(Preparing|CreateContainer, [0-9]+ of 20|Cleaning up|Done)$", record.StatusDescription));
        Assert.All(records, record => Assert.InRange(record.PercentComplete, -1, 100));
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }
}
