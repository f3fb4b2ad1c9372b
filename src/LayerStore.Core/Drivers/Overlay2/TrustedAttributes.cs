using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Drivers.Overlay2;

/// <summary>Whether this process may use <c>trusted.</c> attributes, which overlayfs keeps its notes in; in a user namespace it may not, and mounts with <c>userxattr</c>.</summary>
internal static unsafe class TrustedAttributes
{
    /// <summary>Sets one on an existing directory, and takes it away again.</summary>
    public static bool Available(string directory)
    {
        fixed (byte* path = FileName.Terminated(directory), name = "trusted.layerstore.probe\0"u8, value = "y"u8)
        {
            if (Libc.LsetXattr(path, name, value, 1, 0) < 0)
                return Marshal.GetLastPInvokeError() is not Errno.EPERM;
            _ = Libc.LremoveXattr(path, name);
            return true;
        }
    }
}
