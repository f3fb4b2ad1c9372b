using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>A tmpfs of a given size on a directory; goes with the <see cref="StoreFolder"/> that the directory is in.</summary>
internal static class SmallFileSystem
{
    public static void Mount(string directory, string options)
    {
        Directory.CreateDirectory(directory);
        if (Libc.Mount("tmpfs", directory, "tmpfs", 0, options) != 0)
            throw LinuxError.Last("mount a tmpfs at", directory);
    }

    public static void MakeReadOnly(string directory)
    {
        if (Libc.Mount("tmpfs", directory, "tmpfs", Libc.MS_REMOUNT | Libc.MS_RDONLY, null) != 0)
            throw LinuxError.Last("remount", directory);
    }
}
