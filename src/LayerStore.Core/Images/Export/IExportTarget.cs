namespace LayerStore.Images.Export;

/// <summary>Where an export's files go: into a directory, or one behind the other into a tar file. Nothing has its name before <see cref="Publish"/>; disposed without it, nothing is left.</summary>
internal interface IExportTarget : IDisposable
{
    /// <summary>Bytes that were written so far.</summary>
    long Size { get; }

    /// <summary>Adds a file, which must be written before the next call: exactly <paramref name="length"/> bytes.</summary>
    void Add(string name, long length, Action<Stream> write);

    /// <summary>Adds a small file.</summary>
    void Add(string name, byte[] content) => Add(name, content.Length, stream => stream.Write(content));

    /// <summary>Completes it and gives it its name.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ExportPathExists"/>.</exception>
    void Publish();
}
