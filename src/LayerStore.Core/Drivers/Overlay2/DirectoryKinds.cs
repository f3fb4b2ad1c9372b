using LayerStore.Linux;

namespace LayerStore.Drivers.Overlay2;

/// <summary>Whether a file system says in its directories what each entry is (d_type), which overlayfs needs to tell whiteouts.</summary>
internal static class DirectoryKinds
{
    /// <summary>True where every entry of an existing directory, which must hold one, has a kind.</summary>
    public static bool AreReported(string directory)
    {
        using var handle = DirectoryHandle.Open(directory);
        using var reader = new DirectoryReader(handle.Descriptor());
        while (reader.Next())
        {
            if (reader.Kind == Libc.DT_UNKNOWN)
                return false;
        }
        return true;
    }
}
