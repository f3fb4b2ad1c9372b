namespace LayerStore.Metadata;

/// <summary>Where a layer is in its life; the numbers stand in the database.</summary>
internal enum LayerState
{
    /// <summary>Its owner is making it. Nobody else may use it; it is undone where the owner dies.</summary>
    Preparing = 0,

    /// <summary>It is complete and durable.</summary>
    Committed = 1,

    /// <summary>Nothing needs it any more and it is being deleted; whoever comes next finishes that.</summary>
    Removing = 2,
}
