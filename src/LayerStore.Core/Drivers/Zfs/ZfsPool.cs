namespace LayerStore.Drivers.Zfs;

/// <summary>A pool, as far as layers depend on it.</summary>
/// <param name="system">The machine.</param>
/// <param name="name">Its name, the first component of its datasets' names.</param>
internal sealed class ZfsPool(ZfsSystem system, string name)
{
    /// <summary>The pool of a dataset.</summary>
    public static ZfsPool Of(ZfsSystem system, string dataset) => new(system, dataset.Split('/')[0]);

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>
    /// ONLINE, DEGRADED, SUSPENDED …, from the kernel's memory: unlike a program, it can be read also while the pool hangs. Null where no such pool is imported.
    /// </summary>
    public string? State
    {
        get
        {
            try
            {
                return File.ReadAllText(Path.Combine(system.Statistics, name, "state")).Trim();
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>Refuses a pool on which every command would fail, or wait until somebody repairs it.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.PoolUnavailable"/>.</exception>
    public void RequireUsable()
    {
        if (State is not ("ONLINE" or "DEGRADED"))
            throw Unavailable();
    }

    /// <summary>Writes what the pool still has in memory: its numbers are exact then.</summary>
    public void Sync()
    {
        RequireUsable();
        if (system.Library.Value?.Sync(name) == true)
            return;
        var result = system.Zpool.Run("sync", name);
        if (!result.Succeeded)
            throw ZfsErrors.Failed("write out the pool", name, result);
    }

    private StoreException Unavailable()
    {
        var shown = Printable.Escape(name);
        return State is { } state
            ? new StoreException(
                ErrorIds.PoolUnavailable, StoreErrorKind.InputOutput, name, $"The ZFS pool '{shown}' is {Printable.Escape(state)}: it does no I/O.",
                $"See what failed with 'zpool status -x'; when its disks are back, 'zpool clear {shown}'. Images and containers on other pools are not affected.")
            : new StoreException(
                ErrorIds.PoolUnavailable, StoreErrorKind.InputOutput, name, $"The ZFS pool '{shown}' is not imported.",
                $"Load the module ('modprobe zfs') and import the pool: 'zpool import {shown}'.");
    }
}
