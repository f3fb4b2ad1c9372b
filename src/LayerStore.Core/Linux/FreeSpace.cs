namespace LayerStore.Linux;

/// <summary>How full a file system is.</summary>
/// <param name="Total">Bytes.</param>
/// <param name="Available">Bytes that may still be written.</param>
internal readonly record struct FreeSpace(long Total, long Available)
{
    /// <summary>The file system of an existing directory.</summary>
    public static unsafe FreeSpace Of(string directory)
    {
        using var handle = DirectoryHandle.OpenPlace(directory);
        StatFsData data;
        return Libc.Fstatfs(handle.Descriptor(), &data) == 0
            ? new FreeSpace((long)data.Blocks * data.FragmentSize, (long)data.AvailableBlocks * data.FragmentSize)
            : throw LinuxError.Last("query the file system of", directory);
    }
}
