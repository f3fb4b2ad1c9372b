using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>Writes an image layer by hand into the directory that a driver gave for it: files, and deletions as overlayfs writes them.</summary>
internal sealed class StagedLayer(string directory)
{
    private static readonly DateTime s_written = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Its path, good for programs that a test starts, too.</summary>
    public string Root { get; } = directory.Replace("/proc/self/", $"/proc/{Environment.ProcessId}/", StringComparison.Ordinal);

    public StagedLayer File(string path, string content, uint mode = 0x1A4)
    {
        System.IO.File.WriteAllText(At(path), content);
        // As of an archive: what a container writes in the same tick of the kernel's clock, with the same length, is no change to a driver that compares.
        System.IO.File.SetLastWriteTimeUtc(At(path), s_written);
        return Mode(path, mode);
    }

    public StagedLayer Directory(string path, uint mode = 0x1ED)
    {
        System.IO.Directory.CreateDirectory(At(path));
        return Mode(path, mode);
    }

    public StagedLayer Symlink(string path, string target)
    {
        System.IO.File.CreateSymbolicLink(At(path), target);
        return this;
    }

    public StagedLayer Mode(string path, uint mode)
    {
        Assert.Equal(0, Libc.FchmodAt(Libc.AT_FDCWD, At(path), mode, 0));
        return this;
    }

    public unsafe StagedLayer Owner(string path, uint uid, uint gid)
    {
        fixed (byte* name = FileName.Terminated(At(path)))
            Assert.Equal(0, Libc.FchownAt(Libc.AT_FDCWD, name, uid, gid, Libc.AT_SYMLINK_NOFOLLOW));
        return this;
    }

    public unsafe StagedLayer Link(string path, string target)
    {
        fixed (byte* from = FileName.Terminated(At(target)), to = FileName.Terminated(At(path)))
            Assert.Equal(0, Libc.LinkAt(Libc.AT_FDCWD, from, Libc.AT_FDCWD, to, 0));
        return this;
    }

    public StagedLayer Device(string path, uint type, uint major, uint minor)
    {
        Assert.Equal(0, Libc.MknodAt(Libc.AT_FDCWD, At(path), type | 0x1A4, Libc.MakeDevice(major, minor)));
        return this;
    }

    public StagedLayer Attribute(string path, string name, byte[] value)
    {
        ExtendedAttributes.Set(FileName.Terminated(At(path)), FileName.Terminated(name), value);
        return this;
    }

    public StagedLayer Whiteout(string path) => Device(path, Libc.S_IFCHR, 0, 0);

    public StagedLayer Opaque(string path)
    {
        OverlayFormat.Privileged.MarkOpaque(FileName.Terminated(At(path)));
        return this;
    }

    private string At(string path) => Path.Combine(Root, path);
}
