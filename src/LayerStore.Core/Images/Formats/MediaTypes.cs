namespace LayerStore.Images.Formats;

/// <summary>The media types of the OCI image specification (media-types.md) and of Docker's image manifest version 2, schema 2.</summary>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    private const string OciLayer = "application/vnd.oci.image.layer.v1.tar",
        OciForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar",
        DockerLayer = "application/vnd.docker.image.rootfs.diff.tar",
        DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar";

    /// <summary>A layer's type by how it is compressed.</summary>
    public static string LayerOf(Archives.CompressionKind compression) => OciLayer + compression switch
    {
        Archives.CompressionKind.Gzip => "+gzip",
        Archives.CompressionKind.Zstd => "+zstd",
        _ => "",
    };

    /// <summary>How a layer claims to be compressed.</summary>
    public static Archives.CompressionKind CompressionOf(string layerType) =>
        layerType.EndsWith("gzip", StringComparison.Ordinal) ? Archives.CompressionKind.Gzip
        : layerType.EndsWith("zstd", StringComparison.Ordinal) ? Archives.CompressionKind.Zstd
        : Archives.CompressionKind.None;

    public static bool IsIndex(string type) => type is OciIndex or DockerManifestList;

    public static bool IsManifest(string type) => type is OciManifest or DockerManifest;

    public static bool IsConfig(string type) => type is OciConfig or DockerConfig;

    /// <summary>True for a layer; how it is compressed is seen by its bytes, the suffix is only a claim.</summary>
    public static bool IsLayer(string type) => HasBase(type, OciLayer, '+') || HasBase(type, DockerLayer, '.');

    /// <summary>True for a layer that stands somewhere else and is to be downloaded from there.</summary>
    public static bool IsForeignLayer(string type) => HasBase(type, OciForeignLayer, '+') || HasBase(type, DockerForeignLayer, '.');

    private static bool HasBase(string type, string name, char separator) =>
        type.StartsWith(name, StringComparison.Ordinal)
        && (type.Length == name.Length || (type[name.Length] == separator && type[(name.Length + 1)..] is "gzip" or "zstd"));
}
