using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// The device mapper by ioctl(2) on <c>/dev/mapper/control</c> (linux/dm-ioctl.h). udev is told with every change to leave the devices alone: it neither scans
/// what containers wrote nor names the nodes, which <see cref="DeviceNode"/> does, so that nothing has to be waited for.
/// </summary>
internal sealed unsafe class DeviceMapper : IDeviceMapper
{
    /// <summary>The device that is asked.</summary>
    public const string ControlPath = "/dev/mapper/control";

    private const uint EventFlags = Libc.DM_UDEV_DISABLE_DM_RULES | Libc.DM_UDEV_DISABLE_SUBSYSTEM_RULES | Libc.DM_UDEV_DISABLE_DISK_RULES
        | Libc.DM_UDEV_DISABLE_OTHER_RULES | Libc.DM_UDEV_PRIMARY_SOURCE;

    /// <summary>The kernel's version of the interface.</summary>
    public static string Version()
    {
        var call = new Call("");
        call.Run(Libc.DM_VERSION, "query the version of", ControlPath);
        var answer = call.Request;
        return $"{answer.Version[0]}.{answer.Version[1]}.{answer.Version[2]}";
    }

    public string? TargetVersion(string type)
    {
        foreach (var command in new[] { Libc.DM_LIST_VERSIONS, Libc.DM_GET_TARGET_VERSION })
        {
            // The second one loads the target's module, and came with Linux 5.5.
            var call = new Call(command == Libc.DM_GET_TARGET_VERSION ? type : "");
            if (call.TryRun(command) != 0)
                continue;
            for (var at = 0; ;)
            {
                var entry = call.Data[at..];
                if (TextOf(entry[16..]) == type)
                    return $"{UInt(entry, 4)}.{UInt(entry, 8)}.{UInt(entry, 12)}";
                if (UInt(entry, 0) is 0)
                    break;
                at += (int)UInt(entry, 0);
            }
        }
        return null;
    }

    public IReadOnlyList<string> Names()
    {
        var call = new Call("");
        call.Run(Libc.DM_LIST_DEVICES, "list the devices of", ControlPath);
        var names = new List<string>();
        for (var at = 0; BitConverter.ToUInt64(call.Data[at..]) != 0;)
        {
            names.Add(TextOf(call.Data[(at + 12)..]));
            var next = (int)UInt(call.Data[at..], 8);
            if (next == 0)
                break;
            at += next;
        }
        return names;
    }

    public MappedDevice? Find(string name)
    {
        var call = new Call(name);
        return call.TryRun(Libc.DM_DEV_STATUS) switch
        {
            0 => call.Device,
            Errno.ENXIO => null,
            var error => throw LinuxError.From(error, "query the device", name),
        };
    }

    public MappedDevice Create(string name, string uuid, MapperTable table, bool readOnly)
    {
        var create = new Call(name) { Flags = readOnly ? Libc.DM_READONLY_FLAG : 0, Uuid = uuid };
        create.Run(Libc.DM_DEV_CREATE, "create the device", name);
        try
        {
            Load(name, table, readOnly);
            return Resume(name);
        }
        catch
        {
            _ = Remove(name, deferred: false);
            throw;
        }
    }

    public void Reload(string name, MapperTable table, bool readOnly)
    {
        new Call(name) { Flags = Libc.DM_SUSPEND_FLAG }.Run(Libc.DM_DEV_SUSPEND, "suspend the device", name);
        try
        {
            Load(name, table, readOnly);
        }
        finally
        {
            _ = Resume(name);
        }
    }

    public MapperRemoval Remove(string name, bool deferred)
    {
        var call = new Call(name) { Flags = deferred ? Libc.DM_DEFERRED_REMOVE : 0, EventNumber = EventFlags };
        return call.TryRun(Libc.DM_DEV_REMOVE) switch
        {
            0 => (call.Flags & Libc.DM_DEFERRED_REMOVE) != 0 && Find(name) is not null ? MapperRemoval.Deferred : MapperRemoval.Removed,
            Errno.ENXIO => MapperRemoval.Removed,
            Errno.EBUSY => MapperRemoval.Busy,
            var error => throw LinuxError.From(error, "remove the device", name),
        };
    }

    public bool CancelRemoval(string name) => Message(name, "@cancel_deferred_remove") == 0;

    public int Message(string name, string message)
    {
        var call = new Call(name);
        // struct dm_target_msg: the sector that tells the target, and the text.
        call.Append(new byte[8]);
        call.Append(Encoding.UTF8.GetBytes(message + "\0"));
        return call.TryRun(Libc.DM_TARGET_MSG);
    }

    public string? Status(string name, bool commit = false) => Ask(name, commit ? 0 : Libc.DM_NOFLUSH_FLAG);

    public string? Table(string name) => Ask(name, Libc.DM_STATUS_TABLE_FLAG | Libc.DM_NOFLUSH_FLAG);

    private static string? Ask(string name, uint flags)
    {
        var call = new Call(name) { Flags = flags };
        return call.TryRun(Libc.DM_TABLE_STATUS) switch
        {
            0 => call.Request.TargetCount == 0 ? "" : TextOf(call.Data[DeviceMapperTarget.ByteCount..]),
            Errno.ENXIO => null,
            var error => throw LinuxError.From(error, "query the device", name),
        };
    }

    private static void Load(string name, MapperTable table, bool readOnly)
    {
        var call = new Call(name) { Flags = readOnly ? Libc.DM_READONLY_FLAG : 0, TargetCount = 1 };
        var parameters = Encoding.UTF8.GetBytes(table.Parameters + "\0");
        var target = new DeviceMapperTarget
        {
            Length = (ulong)table.Sectors,
            Next = (uint)(DeviceMapperTarget.ByteCount + ((parameters.Length + 7) & ~7)),
        };
        Encoding.UTF8.GetBytes(table.Target, new Span<byte>(target.Type, DeviceMapperTarget.TypeLength - 1));
        call.Append(new ReadOnlySpan<byte>(&target, DeviceMapperTarget.ByteCount));
        call.Append(parameters);
        call.Append(new byte[(int)target.Next - DeviceMapperTarget.ByteCount - parameters.Length]);
        call.Run(Libc.DM_TABLE_LOAD, $"load the {table.Target} table of the device", name);
    }

    private static MappedDevice Resume(string name)
    {
        var call = new Call(name) { EventNumber = EventFlags };
        call.Run(Libc.DM_DEV_SUSPEND, "resume the device", name);
        return call.Device;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private static uint UInt(ReadOnlySpan<byte> bytes, int offset) => BitConverter.ToUInt32(bytes[offset..]);

    /// <summary>One call: the request and what follows it, in one buffer that grows where the answer needs more room.</summary>
    private sealed class Call(string name)
    {
        private byte[] _buffer = new byte[16384];
        private int _used = DeviceMapperRequest.ByteCount;

        public uint Flags { get; set; }

        public uint EventNumber { get; init; }

        public uint TargetCount { get; init; }

        public string Uuid { get; init; } = "";

        public DeviceMapperRequest Request => MemoryMarshal.Read<DeviceMapperRequest>(_buffer);

        public ReadOnlySpan<byte> Data => _buffer.AsSpan((int)Request.DataStart);

        public MappedDevice Device
        {
            get
            {
                var request = Request;
                return new MappedDevice(
                    (uint)(request.Device >> 8) & 0xFFF, (uint)(request.Device & 0xFF) | ((uint)(request.Device >> 12) & 0xFFF00), request.OpenCount,
                    (request.Flags & Libc.DM_DEFERRED_REMOVE) != 0, (request.Flags & Libc.DM_READONLY_FLAG) != 0);
            }
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            while (_used + bytes.Length > _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            bytes.CopyTo(_buffer.AsSpan(_used));
            _used += bytes.Length;
        }

        public void Run(uint command, string operation, string target)
        {
            var error = TryRun(command);
            if (error != 0)
                throw LinuxError.From(error, operation, target);
        }

        public int TryRun(uint command)
        {
            using var control = OpenControl();
            while (true)
            {
                Fill();
                fixed (byte* buffer = _buffer)
                {
                    if (Libc.Ioctl(control.Descriptor(), command, (nint)buffer) < 0)
                        return Marshal.GetLastPInvokeError();
                }
                if ((Request.Flags & Libc.DM_BUFFER_FULL_FLAG) == 0)
                {
                    Flags = Request.Flags;
                    return 0;
                }
                Array.Resize(ref _buffer, _buffer.Length * 4);
            }
        }

        private void Fill()
        {
            var request = new DeviceMapperRequest
            {
                DataSize = (uint)_buffer.Length,
                DataStart = DeviceMapperRequest.ByteCount,
                TargetCount = TargetCount,
                Flags = Flags,
                EventNumber = EventNumber,
            };
            request.Version[0] = 4;
            Encoding.UTF8.GetBytes(name, new Span<byte>(request.Name, DeviceMapperRequest.NameLength - 1));
            Encoding.UTF8.GetBytes(Uuid, new Span<byte>(request.Uuid, DeviceMapperRequest.UuidLength - 1));
            MemoryMarshal.Write(_buffer, request);
        }

        private static SafeFileHandle OpenControl()
        {
            var fd = Libc.Open(ControlPath, Libc.O_RDWR | Libc.O_CLOEXEC);
            return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open the control device", ControlPath);
        }
    }
}
