using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>A file system context of the new mount interface (fsopen(2), Linux 5.2): configured step by step, and the kernel says in words what it refuses.</summary>
internal sealed unsafe class MountContext : IDisposable
{
    private readonly SafeFileHandle _context;
    private readonly KernelLog _kernelLog = new();
    private readonly string _type, _target;

    private MountContext(SafeFileHandle context, string type, string target) => (_context, _type, _target) = (context, type, target);

    /// <summary>Begins a mount; null where this kernel has no such interface.</summary>
    /// <param name="type">The file system's name.</param>
    /// <param name="target">What errors name.</param>
    public static MountContext? TryOpen(string type, string target)
    {
        var fd = Libc.Fsopen(type);
        if (fd >= 0)
            return new MountContext(new SafeFileHandle(fd, ownsHandle: true), type, target);
        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOSYS ? null : throw MountErrors.Failed(type, target, errno, "");
    }

    /// <summary>Sets a parameter, or a flag where the value is null. False where the kernel refuses it; errno and <see cref="ReadLog"/> say why.</summary>
    public bool TrySet(string key, string? value) =>
        Libc.Fsconfig(_context.Descriptor(), value is null ? Libc.FSCONFIG_SET_FLAG : Libc.FSCONFIG_SET_STRING, key, value) == 0;

    /// <summary>As <see cref="TrySet"/>; what is refused is an error.</summary>
    public void Set(string key, string? value)
    {
        if (TrySet(key, value))
            return;
        var errno = Marshal.GetLastPInvokeError();
        throw MountErrors.Failed(_type, _target, errno, Explain(ReadLog(), value is null ? key : $"{key}={value}"));
    }

    /// <summary>Makes the mount, attached nowhere yet.</summary>
    public SafeFileHandle Create(bool readOnly)
    {
        if (Libc.Fsconfig(_context.Descriptor(), Libc.FSCONFIG_CMD_CREATE, null, null) < 0)
            throw Failure();
        var fd = Libc.Fsmount(_context.Descriptor(), readOnly ? Libc.MOUNT_ATTR_RDONLY : 0);
        return fd < 0 ? throw Failure() : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>The kernel's words where it has some, with the setting that they are about.</summary>
    public static string Explain(string log, string setting) => log.Length > 0 ? $"{log} ({setting})" : $"it refused {setting}";

    /// <summary>What the kernel has to say: one message a read, each with a letter for its gravity and a space before it.</summary>
    public string ReadLog()
    {
        var messages = new List<string>();
        var buffer = stackalloc byte[1024];
        while (messages.Count < 16)
        {
            var length = Libc.Read(_context.Descriptor(), buffer, 1024);
            if (length <= 0)
                break;
            var text = Encoding.UTF8.GetString(buffer, (int)length).Trim();
            messages.Add(text is [_, ' ', ..] ? text[2..] : text);
        }
        return string.Join("; ", messages);
    }

    public void Dispose()
    {
        _context.Dispose();
        _kernelLog.Dispose();
    }

    private StoreException Failure()
    {
        var errno = Marshal.GetLastPInvokeError();
        var said = ReadLog();
        return MountErrors.Failed(_type, _target, errno, said.Length > 0 ? said : _kernelLog.Read(KernelLog.PrefixOf(_type)));
    }
}
