namespace LayerStore.Tests.Support;

/// <summary>A pool, and a file system of it that the drivers' directories stand on.</summary>
public sealed class ZfsFixture() : FileSystemFixture(FileSystemKind.Zfs);
