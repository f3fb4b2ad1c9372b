namespace LayerStore.Archives;

/// <summary>
/// The memory in which archives whose bytes nobody takes yet are read, decompressed and digested further ahead than those that are being extracted: one for all layers of an import. A layer that waits for
/// its parent uses the time so.
/// </summary>
/// <param name="bytes">How much it is in all.</param>
internal sealed class ReadAhead(long bytes)
{
    private const long Most = 128 << 20;

    // Of the memory that there is; a small machine waits instead.
    private const int Share = 16;

    private long _left = bytes / ArchivePump.BufferBytes;

    /// <summary>As much as suits the machine.</summary>
    public static ReadAhead OfMachine() => new(Math.Min(Most, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Share));

    /// <summary>Takes one buffer's share; false where nothing is left.</summary>
    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _left) >= 0)
            return true;
        Interlocked.Increment(ref _left);
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Return() => Interlocked.Increment(ref _left);
}
