using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

/// <summary>One open directory of a <see cref="DirectoryStack"/>.</summary>
internal unsafe struct DirectoryLevel
{
    /// <summary>The handle; -1 where it is not open just now.</summary>
    public int Descriptor;

    /// <summary>Where the directory's path ends in the stack's path.</summary>
    public int PathEnd;

    /// <summary>The group that the kernel gives to what is made here, where <see cref="Mode"/> has setgid.</summary>
    public uint Gid;

    public uint Mode;

    /// <summary>True where what is made here inherits an ACL.</summary>
    public bool HasDefaultAcl;

    /// <summary>True where something was made or removed here, so that the times must be set when it is left.</summary>
    public bool IsDirty;

    public TimeSpec AccessTime;
    public TimeSpec ModificationTime;

    /// <summary>Reads owner, mode and time from the handle; false with the error in errno.</summary>
    public bool TryLearn(bool watchAcls)
    {
        StatxData data;
        var empty = stackalloc byte[1];
        if (Libc.Statx(Descriptor, empty, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &data) < 0)
            return false;
        Gid = data.Gid;
        Mode = data.Mode & 0xfffu;
        ModificationTime = new TimeSpec(data.ModificationTime.Seconds, data.ModificationTime.Nanoseconds);
        AccessTime = new TimeSpec(0, TimeSpec.Omit);
        IsDirty = false;
        if (watchAcls)
        {
            fixed (byte* name = "system.posix_acl_default\0"u8)
                HasDefaultAcl = Libc.FgetXattr(Descriptor, name, null, 0) > 0;
        }
        return true;
    }

    /// <summary>Sets the times where they must be; negative with the error in errno.</summary>
    public readonly int RestoreTimes()
    {
        if (!IsDirty)
            return 0;
        var times = stackalloc TimeSpec[2] { AccessTime, ModificationTime };
        return Libc.Futimens(Descriptor, times);
    }
}
