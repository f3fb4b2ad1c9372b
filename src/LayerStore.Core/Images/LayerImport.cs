using LayerStore.Archives;
using LayerStore.Images.Formats;
using LayerStore.Layers;

namespace LayerStore.Images;

/// <summary>One layer on its way into the store.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Parent">The layer below; null for the lowest.</param>
/// <param name="Progress">Who is told.</param>
/// <param name="Description">Which layer it is, in words.</param>
internal sealed record LayerImport(ArchivedLayer Source, IngestLayer Target, LayerImport? Parent, LayerProgress Progress, string Description)
{
    /// <summary>Bytes of its blob; known once the blob was found.</summary>
    public long BlobBytes { get; set; }

    /// <summary>Bytes that a zstd decompressor must remember for it; 0 where it is compressed otherwise. Known once it was opened.</summary>
    public long WindowBytes { get; set; }

    /// <summary>Set once its own directory is there, or will never be.</summary>
    public ManualResetEventSlim Opened { get; } = new();

    /// <summary>What came out of it, once it was extracted; failed or cancelled where it was not.</summary>
    public TaskCompletionSource<ExtractedLayer> Extracted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set once it was joined with its parents, or was there from the beginning.</summary>
    public ManualResetEventSlim Completed { get; } = new(Target.AlreadyExists);
}
