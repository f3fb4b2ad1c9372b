namespace LayerStore.Images.Formats;

/// <summary>An image's configuration (OCI image specification, config.md): what LayerStore reads of it.</summary>
internal sealed record ImageConfig
{
    /// <summary>The document, byte for byte; its digest is the image's id.</summary>
    public required byte[] Content { get; init; }

    /// <summary>SHA-256 of <see cref="Content"/>.</summary>
    public required Digest Id { get; init; }

    /// <summary>What it runs on.</summary>
    public required Platform Platform { get; init; }

    /// <summary>When it was built, in UTC; null where it does not say.</summary>
    public required DateTime? Created { get; init; }

    /// <summary>The layers' DiffIDs, lowest first.</summary>
    public required IReadOnlyList<Digest> DiffIds { get; init; }

    /// <summary>The steps, oldest first.</summary>
    public required IReadOnlyList<ImageConfigStep> History { get; init; }

    /// <summary>The labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Entry point and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Architecture with its variant where there is one.</summary>
    public string ArchitectureAndVariant => Platform.Variant is null ? Platform.Architecture : $"{Platform.Architecture}/{Platform.Variant}";

    /// <summary>Checks what every format has to keep: as many layers as DiffIDs.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ManifestInvalid"/>.</exception>
    public void CheckCount(int layers, string manifest)
    {
        if (DiffIds.Count != layers)
            throw ArchiveFaults.ManifestInvalid(manifest, $"it lists {layers} layers and the configuration {Id} has {DiffIds.Count} DiffIDs ('rootfs.diff_ids')");
    }

    /// <summary>Parses a configuration.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigInvalid"/>, <see cref="ErrorIds.DigestInvalid"/>.</exception>
    public static ImageConfig Parse(byte[] content, string name)
    {
        var json = JsonDocuments.Parse(content, name, ArchiveFaults.ConfigInvalid);
        if (!json.IsObject)
            throw json.Fault("it is not a JSON object");
        if (json.Object("rootfs") is not { } rootFs)
            throw json.Fault("it has no 'rootfs': it describes no container image, or one older than Docker 1.10");
        if (rootFs.Text("type") is { } type && type != "layers")
            throw json.Fault($"its 'rootfs' has the type '{Printable.Escape(type)}'; only 'layers' is known");
        var settings = json.Object("config");
        if (settings is { } known)
            CheckSettings(known);
        return new ImageConfig
        {
            Content = content,
            Id = JsonDocuments.DigestOf(content),
            Platform = Platform.Create(json.Text("os") ?? "linux", json.Text("architecture") ?? "", json.Text("variant")),
            Created = json.Time("created"),
            DiffIds = [.. rootFs.Texts("diff_ids").Select(Digest.Parse)],
            History = [.. json.Array("history").Select(ImageConfigStep.Read)],
            Labels = settings?.TextsByName("Labels") ?? new Dictionary<string, string>(),
            Command = settings is { } run ? [.. run.Texts("Entrypoint"), .. run.Texts("Cmd")] : [],
        };
    }

    /// <summary>
    /// Checks that what a container, or an image made of this one, would read has the type that Docker wants of it: nobody should learn that when the image is long in the store.
    /// </summary>
    private static void CheckSettings(JsonPart settings)
    {
        foreach (var name in (string[])["Env", "OnBuild", "Shell"])
            _ = settings.Texts(name);
        foreach (var name in (string[])["ExposedPorts", "Volumes", "Healthcheck"])
            _ = settings.Object(name);
        foreach (var name in (string[])["User", "WorkingDir", "StopSignal"])
            if (settings.Text(name)?.Contains('\0', StringComparison.Ordinal) == true)
                throw settings.Fault($"'{name}' contains a NUL");
    }
}
