using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Progress of what is mostly done at once: exports, copies, removals.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly StoreSession _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void What_takes_long_is_shown_with_its_bytes_and_goes_again_and_what_does_not_is_not_shown()
    {
        _store.Run("New-ContainerVolume big | Out-Null; New-ContainerVolume small | Out-Null");
        var noise = new byte[160 << 20];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(Path.Combine((string)_store.Run("(Get-ContainerVolume big).Mountpoint").Single().BaseObject, "noise"), noise);

        // Noise is what takes gzip longest.
        _store.Run("Export-ContainerVolume big, small $args[0] -Compression Gzip | Out-Null; Remove-ContainerVolume small", _store.Directory);

        var records = _store.Session.Screen.Progress.Where(record => record.Activity == "Exporting big").ToArray();
        Assert.Matches("^[0-9.]+MB$", records[0].StatusDescription);
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
        Assert.DoesNotContain(_store.Session.Screen.Progress, record => record.Activity.Contains("small", StringComparison.Ordinal));
    }
}
