using System.Runtime.InteropServices;

namespace LayerStore.Linux;

internal static unsafe partial class Libc
{
    // linux/dm-ioctl.h: _IOWR(0xfd, N, struct dm_ioctl).
    public const uint DM_VERSION = 0xC138FD00, DM_LIST_DEVICES = 0xC138FD02, DM_DEV_CREATE = 0xC138FD03, DM_DEV_REMOVE = 0xC138FD04, DM_DEV_SUSPEND = 0xC138FD06,
        DM_DEV_STATUS = 0xC138FD07, DM_TABLE_LOAD = 0xC138FD09, DM_TABLE_STATUS = 0xC138FD0C, DM_LIST_VERSIONS = 0xC138FD0D, DM_TARGET_MSG = 0xC138FD0E,
        DM_GET_TARGET_VERSION = 0xC138FD11;

    public const uint DM_READONLY_FLAG = 1, DM_SUSPEND_FLAG = 2, DM_STATUS_TABLE_FLAG = 16, DM_BUFFER_FULL_FLAG = 256, DM_NOFLUSH_FLAG = 2048,
        DM_DEFERRED_REMOVE = 1 << 17;

    // libdevmapper.h: what the event of a change tells udev's rules, in the upper half of event_nr.
    public const uint DM_UDEV_DISABLE_DM_RULES = 1 << 16, DM_UDEV_DISABLE_SUBSYSTEM_RULES = 2 << 16, DM_UDEV_DISABLE_DISK_RULES = 4 << 16,
        DM_UDEV_DISABLE_OTHER_RULES = 8 << 16, DM_UDEV_PRIMARY_SOURCE = 64 << 16;
}

/// <summary>struct dm_ioctl; what a command needs follows it.</summary>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct DeviceMapperRequest
{
    public const int ByteCount = 312, NameLength = 128, UuidLength = 129;

    public fixed uint Version[3];
    public uint DataSize, DataStart, TargetCount;
    public int OpenCount;
    public uint Flags, EventNumber;
    private readonly uint _padding;
    public ulong Device;
    public fixed byte Name[NameLength];
    public fixed byte Uuid[UuidLength];
}

/// <summary>struct dm_target_spec; its parameters follow it as text.</summary>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct DeviceMapperTarget
{
    public const int ByteCount = 40, TypeLength = 16;

    public ulong Start, Length;
    public int Status;
    public uint Next;
    public fixed byte Type[TypeLength];
}
