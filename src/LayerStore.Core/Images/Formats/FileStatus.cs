using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>What an open file is.</summary>
internal static unsafe class FileStatus
{
    /// <summary>statx of the open file itself.</summary>
    public static StatxData Of(SafeFileHandle file, string path)
    {
        StatxData status;
        var empty = stackalloc byte[1];
        return Libc.Statx((int)file.DangerousGetHandle(), empty, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &status) == 0
            ? status
            : throw LinuxError.Last("read", path);
    }
}
