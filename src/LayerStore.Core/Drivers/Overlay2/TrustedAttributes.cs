using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Drivers.Overlay2;

/// <summary>Whether this process may use <c>trusted.</c> attributes, which overlayfs keeps its notes in; in a user namespace it may not, and mounts with <c>userxattr</c>.</summary>
internal static unsafe class TrustedAttributes
{
    /// <summary>Asks for the removal of one that the directory does not have: the kernel refuses that in the same way, and nothing changes, also where a store is only read.</summary>
    public static bool Available(string directory)
    {
        fixed (byte* path = FileName.Terminated(directory), name = "trusted.layerstore.probe\0"u8)
            return Libc.LremoveXattr(path, name) >= 0 || Marshal.GetLastPInvokeError() is not Errno.EPERM;
    }
}
