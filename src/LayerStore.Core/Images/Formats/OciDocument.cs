namespace LayerStore.Images.Formats;

/// <summary>What indexes and manifests have in common.</summary>
internal static class OciDocument
{
    /// <summary>
    /// Checks that a document is what its descriptor says and nothing else besides: one that is both an index and a manifest means different images
    /// to different readers (CVE-2021-41190).
    /// </summary>
    /// <returns>Its media type.</returns>
    public static string Check(JsonPart json, Descriptor? descriptor, string own, string foreign)
    {
        if (!json.IsObject)
            throw json.Fault("it is not a JSON object");
        if (json.Number("schemaVersion") is not 2)
            throw json.Fault(json.Number("schemaVersion") == 1 ? "it is a manifest of Docker's schema 1, which is too old" : "its 'schemaVersion' is not 2");
        if (json.Has(foreign) || json.Has("fsLayers") || (own == "manifests" && json.Has("config")))
            throw json.Fault($"it is an index and a manifest at once: it has '{own}' and also parts of the other");
        var type = json.Text("mediaType");
        if (type is not null && descriptor is not null && descriptor.MediaType.Length > 0 && type != descriptor.MediaType)
            throw json.Fault($"it says it is '{Printable.Escape(type)}' and its descriptor says '{Printable.Escape(descriptor.MediaType)}'");
        type ??= descriptor?.MediaType ?? "";
        var known = own == "manifests" ? MediaTypes.IsIndex(type) : MediaTypes.IsManifest(type);
        return known || type.Length == 0 ? type : throw json.Fault($"its media type '{Printable.Escape(type)}' is not known");
    }
}
