namespace LayerStore.Images;

/// <summary>What is happening to a layer that is imported.</summary>
public enum ImportState
{
    /// <summary>The store has it already.</summary>
    AlreadyExists,

    /// <summary>It is read, verified and extracted.</summary>
    Extracting,

    /// <summary>It is extracted and waits for its parents or for the sync.</summary>
    Extracted,

    /// <summary>It is durable.</summary>
    Complete,
}
