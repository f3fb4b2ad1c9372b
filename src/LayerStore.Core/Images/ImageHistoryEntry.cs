namespace LayerStore;

/// <summary>One step of an image's history, newest first, as a row of <c>docker history</c>.</summary>
public sealed record ImageHistoryEntry
{
    /// <summary>The image's short id for the newest row, <c>&lt;missing&gt;</c> for the others, as Docker prints it.</summary>
    public required string Image { get; init; }

    /// <summary>When the step was made, in UTC; null where nobody wrote it down.</summary>
    public required DateTime? Created { get; init; }

    /// <summary>The command that made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Bytes of the layer that it made; 0 where it made none.</summary>
    public required long Size { get; init; }

    /// <summary>The comment.</summary>
    public required string Comment { get; init; }

    /// <summary>True where the step made no layer.</summary>
    public required bool EmptyLayer { get; init; }

    /// <summary>The id of the layer in this store; null where the step made none.</summary>
    public string? LayerId { get; init; }

    /// <summary>The image's full id.</summary>
    public required string ImageId { get; init; }

    /// <summary>The store that the image lives in.</summary>
    public required string Root { get; init; }
}
