using System.Globalization;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>What the kernel says of a thin pool (Documentation/admin-guide/device-mapper/thin-provisioning.rst).</summary>
/// <param name="TransactionId">The number that its users count with; ours stays as it is.</param>
/// <param name="UsedMetadata">Bytes.</param>
/// <param name="TotalMetadata">Bytes.</param>
/// <param name="UsedData">Bytes.</param>
/// <param name="TotalData">Bytes.</param>
/// <param name="Mode"><c>rw</c>, <c>ro</c>, <c>out_of_data_space</c>, or <c>Fail</c>, where nothing else is known.</param>
/// <param name="NeedsCheck">True where the kernel wants its metadata checked before anything is written.</param>
internal sealed record PoolStatus(
    long TransactionId, long UsedMetadata, long TotalMetadata, long UsedData, long TotalData, string Mode, bool NeedsCheck)
{
    // Whatever the pool's own blocks are.
    private const long MetadataBlock = 4096;

    /// <summary>Reads the line.</summary>
    /// <param name="line">As in dmsetup status, behind the target's name.</param>
    /// <param name="blockSize">Bytes of a block of data.</param>
    public static PoolStatus Parse(string line, long blockSize)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 5 || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            || !TryPair(words[1], MetadataBlock, out var usedMetadata, out var totalMetadata) || !TryPair(words[2], blockSize, out var usedData, out var totalData))
            return new PoolStatus(0, 0, 0, 0, 0, "Fail", NeedsCheck: true);
        return new PoolStatus(transaction, usedMetadata, totalMetadata, usedData, totalData, words[4], words.Contains("needs_check"));
    }

    private static bool TryPair(string word, long unit, out long used, out long total)
    {
        total = used = 0;
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !long.TryParse(word.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out used)
            || !long.TryParse(word.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out total))
            return false;
        used *= unit;
        total *= unit;
        return true;
    }
}
