using LayerStore.Archives;

namespace LayerStore.Tests.Fuzzing;

/// <summary>Something that reads what nobody vouches for, and inputs for it.</summary>
internal abstract class FuzzTarget : IDisposable
{
    /// <summary>What an archive may be refused with. Anything else, such as an error of the kernel, is something that nobody thought of.</summary>
    protected static readonly string[] ArchiveRefusals =
    [
        ErrorIds.ArchiveTruncated, ErrorIds.ArchiveCorrupt, ErrorIds.ArchiveEncodingUnknown, ErrorIds.ArchiveUnsafePath, ErrorIds.ArchiveEntryUnsupported, ErrorIds.ArchiveLimitExceeded,
    ];

    /// <summary>Small, so that a few bytes cannot ask for much time.</summary>
    protected static readonly ExtractionLimits Limits = new()
    {
        MaxLayerBytes = 16 << 20,
        MaxEntries = 5000,
        MaxFileBytes = 64 << 20,
        MaxSparseSegments = 2000,
        MaxPaxHeaderBytes = 64 << 10,
        MaxPathDepth = 64,
        MaxRememberedBytes = 256 << 10,
    };

    /// <summary>Makes an input: some of them right, most of them nearly.</summary>
    public abstract byte[] Make(Random random);

    /// <summary>Reads it. Whatever comes out as an exception is a fault.</summary>
    public abstract void Run(byte[] input);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Runs what may be refused, in words that are fit to be read, and with one of the errors that are documented for it.</summary>
    /// <returns>False where it was refused.</returns>
    protected static bool MayRefuse(Action action, params ReadOnlySpan<string> errorIds)
    {
        try
        {
            action();
            return true;
        }
        catch (StoreException error) when (errorIds.Contains(error.ErrorId))
        {
            if (error.Message.Length == 0 || error.RecommendedAction.Length == 0 || error.Message.Any(char.IsControl) || error.RecommendedAction.Any(char.IsControl))
                throw new FuzzFault($"the error {error.ErrorId} is not fit to be read: {error.Message}");
            return false;
        }
    }

    /// <summary>Says that a promise was broken.</summary>
    protected static void Demand(bool holds, string promise)
    {
        if (!holds)
            throw new FuzzFault(promise);
    }
}

/// <summary>A promise that an input broke.</summary>
internal sealed class FuzzFault(string promise) : Exception(promise);
