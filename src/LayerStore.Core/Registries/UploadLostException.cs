namespace LayerStore.Registries;

/// <summary>An upload that cannot go on where it stands: the blob has to be sent from its beginning. Never leaves this floor.</summary>
internal sealed class UploadLostException(StoreException cause) : Exception(cause.Message, cause)
{
    /// <summary>What is said where trying again does not help either.</summary>
    public StoreException Fault => cause;
}
