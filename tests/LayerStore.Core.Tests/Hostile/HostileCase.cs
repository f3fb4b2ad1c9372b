using System.Text.Json.Nodes;
using LayerStore.Archives;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

/// <summary>An image that wants what it must not get, and what the store makes of it.</summary>
/// <param name="Name">A number to find it again, and what it tries.</param>
/// <param name="ErrorId">The error that refuses it; null where it is taken.</param>
/// <param name="Tree">What a container on it shows, as <see cref="CompactTree"/> writes it; null where it is refused.</param>
/// <param name="Layers">The layers' archives, lowest first.</param>
internal sealed record HostileCase(string Name, string? ErrorId, string? Tree, IReadOnlyList<byte[]> Layers)
{
    /// <summary>What its layers may ask for.</summary>
    public ExtractionLimits Limits { get; init; } = ExtractionLimits.Default;

    /// <summary>How the layers stand in the archive.</summary>
    public CompressionKind Compression { get; init; }

    /// <summary>Changes the image's configuration.</summary>
    public Action<JsonObject>? ChangeConfig { get; init; }

    /// <summary>An image that is refused.</summary>
    public static HostileCase Refused(string name, string errorId, params Func<TarBuilder, TarBuilder>[] layers) =>
        new(name, errorId, null, [.. layers.Select(layer => layer(new TarBuilder()).End())]);

    /// <summary>An image whose one layer is refused, of any bytes.</summary>
    public static HostileCase Refused(string name, string errorId, byte[] layer) => new(name, errorId, null, [layer]);

    /// <summary>An image that is taken, and does no harm.</summary>
    public static HostileCase Becomes(string name, string tree, params Func<TarBuilder, TarBuilder>[] layers) =>
        new(name, null, tree, [.. layers.Select(layer => layer(new TarBuilder()).End())]);

    /// <summary>The image, called <c>hostile:1</c>.</summary>
    public ImageBuilder Image()
    {
        var image = new ImageBuilder("hostile:1") { Compression = Compression, CompressDockerLayers = true, ChangeConfig = ChangeConfig };
        foreach (var layer in Layers)
            image.RawLayer(layer);
        return image;
    }
}
