namespace LayerStore.Metadata;

/// <summary>A transaction, for reading or as the one writer of the moment. It lives as long as the function that <see cref="Database.Read{T}"/> or <see cref="Database.Write{T}"/> runs.</summary>
internal sealed class MetadataTransaction
{
    internal MetadataTransaction(MetadataConnection connection) => Connection = connection;

    /// <summary>The connection that the transaction runs on; only this folder says SQL on it.</summary>
    internal MetadataConnection Connection { get; }
}
