namespace LayerStore.Linux;

/// <summary>How full a file system is.</summary>
/// <param name="Total">Bytes.</param>
/// <param name="Available">Bytes that may still be written.</param>
internal readonly record struct FreeSpace(long Total, long Available)
{
    /// <summary>The file system of an existing directory.</summary>
    public static FreeSpace Of(string directory)
    {
        using var handle = DirectoryHandle.OpenPlace(directory);
        var data = BackingFileSystem.StatisticsOf(handle);
        return new FreeSpace((long)data.Blocks * data.FragmentSize, (long)data.AvailableBlocks * data.FragmentSize);
    }
}
