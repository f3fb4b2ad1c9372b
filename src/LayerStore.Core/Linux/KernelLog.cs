using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// What the kernel logs from now on (<c>/dev/kmsg</c>), because much of what overlayfs refuses it explains only there. Without the right to read it, there
/// is nothing to read.
/// </summary>
internal sealed unsafe class KernelLog : IDisposable
{
    private const int SeekEnd = 2, MaxRecordBytes = 8192, MaxMessages = 8;

    private readonly SafeFileHandle? _log;

    /// <summary>How a file system's messages begin.</summary>
    public static string PrefixOf(string type) => type switch
    {
        "overlay" => "overlayfs: ",
        "ext4" => "EXT4-fs ",
        "xfs" => "XFS ",
        _ => type + ": ",
    };

    /// <summary>Starts to listen.</summary>
    public KernelLog()
    {
        var fd = Libc.Open("/dev/kmsg", Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0)
            return;
        _log = new SafeFileHandle(fd, ownsHandle: true);
        _ = Libc.Lseek(fd, 0, SeekEnd);
    }

    /// <summary>The messages since then that begin with <paramref name="prefix"/>; empty where there are none.</summary>
    public string Read(string prefix)
    {
        if (_log is null)
            return "";
        var messages = new List<string>();
        var buffer = stackalloc byte[MaxRecordBytes];
        while (messages.Count < MaxMessages)
        {
            var length = Libc.Read(_log.Descriptor(), buffer, MaxRecordBytes);
            if (length <= 0)
                break;

            // "priority,sequence,time,flags;message", then lines with further fields.
            var record = Encoding.UTF8.GetString(buffer, (int)length).Split('\n')[0];
            var message = record[(record.IndexOf(';', StringComparison.Ordinal) + 1)..];
            if (message.StartsWith(prefix, StringComparison.Ordinal))
                messages.Add(message);
        }
        return string.Join("; ", messages);
    }

    public void Dispose() => _log?.Dispose();
}
