using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Containers;

/// <summary>
/// One lock a container, held while it is mounted, dismounted or removed: a byte of one file, by the container's id. The kernel gives it back when
/// the process dies, and threads of one process exclude each other (open file description locks, fcntl(2)).
/// </summary>
internal sealed class ContainerLocks(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the container's lock; disposing the result gives it back.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreBusy"/> where another command holds it for long.</exception>
    public IDisposable Enter(string containerId) => LockFile.Enter(
        // 60 bits of the id: two containers that share them merely wait for each other.
        path, long.Parse(containerId.AsSpan(0, 15), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), Patience,
        () => new StoreException(ErrorIds.StoreBusy, StoreErrorKind.InUse, containerId,
            $"Another command is mounting, dismounting or removing the container {containerId[..12]} and does not come to an end.",
            "Wait until it has ended and run this one again."));
}
