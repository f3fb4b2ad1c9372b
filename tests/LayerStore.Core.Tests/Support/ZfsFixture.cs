namespace LayerStore.Tests.Support;

/// <summary>A pool, and a file system of it that the drivers' directories stand on.</summary>
public sealed class ZfsFixture() : FileSystemFixture(FileSystemKind.Zfs)
{
    internal override void CheckPool(Store store) => Assert.Equal(
        store.Driver.Enumerate().Select(layer => layer.Id.Value).Order(StringComparer.Ordinal),
        Command.Run("zfs", "list", "-H", "-o", "name", "-r", Command.Run("zfs", "list", "-H", "-o", "name", Path).Trim())
            .Split('\n').Select(dataset => dataset.Split('/')[^1]).Where(name => LayerId.TryParse(name, out _)).Order(StringComparer.Ordinal));
}
