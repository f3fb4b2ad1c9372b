namespace LayerStore.Images.Formats;

/// <summary>The files of an image archive by their names, wherever they stand: in a directory or inside a tar file. Safe for several threads.</summary>
internal interface IBlobSource : IDisposable
{
    /// <summary>The archive as the user named it, for messages.</summary>
    string Path { get; }

    /// <summary>Opens a file by its name with slashes (<c>blobs/sha256/…</c>); null where there is none.</summary>
    /// <exception cref="StoreException">The name leads out of the archive, or to something that is no regular file.</exception>
    BlobStream? TryOpen(string name);
}
