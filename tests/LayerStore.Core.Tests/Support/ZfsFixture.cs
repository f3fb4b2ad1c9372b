namespace LayerStore.Tests.Support;

/// <summary>A pool, and a file system of it that the drivers' directories stand on.</summary>
public sealed class ZfsFixture() : FileSystemFixture(FileSystemKind.Zfs)
{
    internal override Action<Store> WatchPool()
    {
        // All stores that stand on a file system have their datasets below it, and what earlier tests broke on purpose is still there.
        var before = Datasets();
        return store => Assert.Equal(
            store.Driver.Enumerate().Select(layer => layer.Id.Value).Order(StringComparer.Ordinal), Datasets().Except(before).Order(StringComparer.Ordinal));
    }

    private List<string> Datasets() =>
        [.. Command.Run("zfs", "list", "-H", "-o", "name", "-r", Command.Run("zfs", "list", "-H", "-o", "name", Path).Trim()).Split('\n').Select(dataset => dataset.Split('/')[^1]).Where(name => LayerId.TryParse(name, out _))];
}
