namespace LayerStore.Drivers;

/// <summary>What happened to a path, by the letters of <c>docker diff</c>.</summary>
public enum ChangeKind
{
    /// <summary><c>A</c>: the parent does not have it.</summary>
    Added,

    /// <summary><c>C</c>: the parent has it, with other content or attributes.</summary>
    Modified,

    /// <summary><c>D</c>: the parent has it, the layer hides it.</summary>
    Deleted,
}
