namespace LayerStore;

/// <summary>What an export writes.</summary>
public enum ExportFormat
{
    /// <summary>What <c>docker save</c> writes and <c>docker load</c> reads: one tar file.</summary>
    DockerArchive,

    /// <summary>An OCI image layout in one tar file.</summary>
    OciArchive,

    /// <summary>An OCI image layout as a directory.</summary>
    OciLayout,
}
