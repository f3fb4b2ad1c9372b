namespace LayerStore.Drivers;

/// <summary>What a driver can do beyond the contract's minimum.</summary>
[Flags]
public enum DriverFeatures
{
    /// <summary>Nothing beyond it.</summary>
    None = 0,

    /// <summary><see cref="IStorageDriver.CompleteApply"/> is cheap, so that layers are best extracted several at once.</summary>
    IndependentApply = 1,

    /// <summary>A read-write mount is a plain directory; no privilege is needed.</summary>
    MountFree = 2,

    /// <summary>Pages of one file are shared between containers.</summary>
    SharesPageCache = 4,

    /// <summary><see cref="IStorageDriver.SetQuota"/> works here.</summary>
    Quota = 8,

    /// <summary><see cref="IStorageDriver.Account"/> answers, and costs the same however many files there are.</summary>
    ConstantTimeUsage = 16,

    /// <summary>
    /// An image's layer begins as its parent's snapshot: it is prepared, with its parents, only when they are complete, and layers are extracted in chain order.
    /// </summary>
    AppliesOnParent = 32,

    /// <summary>A container's layer stands on disk as an image's does, so that it can be copied as one, or become one: <see cref="IStorageDriver.CopyLayer"/>, <see cref="IStorageDriver.TakeOver"/>.</summary>
    TakesOver = 64,

    /// <summary><see cref="IStorageDriver.CopyLayer"/> shares the blocks of files.</summary>
    SharesBlocks = 128,
}
