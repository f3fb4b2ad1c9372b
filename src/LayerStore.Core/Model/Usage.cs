namespace LayerStore;

/// <summary>What a layer takes.</summary>
/// <param name="Bytes">
/// Docker's logical number, in bytes: the lengths of regular files (sparse ones by length, hard links once) and of
/// symbolic links' targets; directories, devices, pipes, sockets and whiteouts count nothing.
/// </param>
/// <param name="Inodes">Entries of the layer, hard links once, whiteouts and directories included.</param>
/// <param name="AllocatedBytes">What the file system says is allocated, in bytes; null where nobody knows it cheaply.</param>
public readonly record struct Usage(long Bytes, long Inodes, long? AllocatedBytes = null);
