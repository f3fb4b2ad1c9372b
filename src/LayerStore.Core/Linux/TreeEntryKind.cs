namespace LayerStore.Linux;

/// <summary>How an entry counts for <see cref="TreeUsage"/>.</summary>
internal enum TreeEntryKind
{
    /// <summary>As what it is.</summary>
    Ordinary,

    /// <summary>As one entry without contents, however many names its inode has.</summary>
    Marker,

    /// <summary>Not at all, nor what is below it.</summary>
    Skipped,
}

/// <summary>Says by an entry's name how it counts.</summary>
internal delegate TreeEntryKind TreeEntryRule(ReadOnlySpan<byte> name);
