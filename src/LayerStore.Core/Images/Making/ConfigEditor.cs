using System.Globalization;
using System.Text.Json.Nodes;

namespace LayerStore.Images.Making;

/// <summary>Makes a new image's configuration of an old one: what LayerStore does not know of it stays as it is.</summary>
internal sealed class ConfigEditor
{
    private readonly JsonObject _config;

    /// <summary>Begins with a configuration.</summary>
    /// <param name="content">The document; null for an image that begins with nothing.</param>
    /// <param name="platform">What a new one runs on.</param>
    public ConfigEditor(byte[]? content, Platform platform)
    {
        _config = content is null
            ? new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.OperatingSystem, ["config"] = new JsonObject() }
            : JsonNode.Parse(Formats.JsonDocuments.WithoutMark(content).Span)!.AsObject();
        if (content is null && platform.Variant is { } variant)
            _config["variant"] = variant;
        // Of the container that made the old image, in Docker's older versions.
        _config.Remove("container");
        _config.Remove("container_config");
    }

    /// <summary>Applies changes as lines of a Dockerfile.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ArgumentInvalid"/>.</exception>
    public void Change(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        if (_config["config"] is not JsonObject settings)
            _config["config"] = settings = [];
        foreach (var line in lines)
            ConfigChange.Apply(settings, line);
    }

    /// <summary>Puts a layer on top, or in the place of all.</summary>
    /// <param name="diffIds">Every layer of the new image, lowest first.</param>
    /// <param name="step">The new entry of the history.</param>
    /// <param name="author">Who made the image; null leaves what stands there.</param>
    /// <param name="replacesAll">True where the one layer stands for the whole history.</param>
    public void SetLayers(IEnumerable<Digest> diffIds, Formats.ImageConfigStep step, string? author, bool replacesAll)
    {
        var time = step.Created!.Value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        _config["created"] = time;
        if (author is not null)
            _config["author"] = author;
        _config["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. diffIds.Select(id => (JsonNode)id.ToString())]) };
        if (_config["history"] is not JsonArray history || replacesAll)
            _config["history"] = history = [];
        var entry = new JsonObject { ["created"] = time };
        if (step.CreatedBy.Length > 0)
            entry["created_by"] = step.CreatedBy;
        if (author is not null)
            entry["author"] = author;
        if (step.Comment.Length > 0)
            entry["comment"] = step.Comment;
        if (step.EmptyLayer)
            entry["empty_layer"] = true;
        history.Add((JsonNode)entry);
    }

    /// <summary>The document.</summary>
    public byte[] ToJson() => Formats.JsonDocuments.Write(json => _config.WriteTo(json));
}
