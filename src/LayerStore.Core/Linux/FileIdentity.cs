namespace LayerStore.Linux;

/// <summary>Which file (its file system's device and its inode) a path names at this moment; all zero where there is none.</summary>
internal readonly record struct FileIdentity(uint Major, uint Minor, ulong Inode)
{
    public static unsafe FileIdentity Of(string path)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
        {
            if (Libc.Statx(Libc.AT_FDCWD, name, Libc.AT_STATX_DONT_SYNC, Libc.STATX_INO, &data) < 0)
                return default;
        }
        return new FileIdentity(data.FileSystemMajor, data.FileSystemMinor, data.Inode);
    }
}
