namespace LayerStore.Archives.Tar;

/// <summary>What an entry is; the header's type flags, those that mean the same folded together.</summary>
internal enum TarEntryType
{
    /// <summary>A regular file (<c>0</c>, NUL, <c>7</c>, and <c>S</c> with its holes).</summary>
    File,

    /// <summary>Another name of an earlier file (<c>1</c>).</summary>
    HardLink,

    /// <summary>A symbolic link (<c>2</c>).</summary>
    SymbolicLink,

    /// <summary>A character device (<c>3</c>).</summary>
    CharacterDevice,

    /// <summary>A block device (<c>4</c>).</summary>
    BlockDevice,

    /// <summary>A directory (<c>5</c>, and in v7 archives any name with a slash at its end).</summary>
    Directory,

    /// <summary>A named pipe (<c>6</c>).</summary>
    Pipe,
}
