using System.Runtime.InteropServices;
using LayerStore.Drivers;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Volumes;

/// <summary>
/// The directories of volumes, as Docker's local driver has them: <c>volumes/NAME/_data</c>. Names were checked before; nothing here follows a symbolic link or enters what is mounted.
/// </summary>
internal sealed class VolumeFiles(string root)
{
    private const uint Private = 0x1C8, Shared = 0x1ED; // 0710, 0755

    private readonly string _home = Path.Combine(root, StoreRoot.VolumesName);

    /// <summary>What the volume holds.</summary>
    public string Data(string name) => Path.Combine(_home, name, "_data");

    // No volume's name begins with a dot or an underscore.
    private string Directory(string name) => Path.Combine(_home, name);

    private string New(string name) => Path.Combine(_home, name, "_new");

    private string Old(string name) => Path.Combine(_home, name, "_old");

    private string Quotas => Path.Combine(_home, ".quota");

    /// <summary>Refuses a name whose directory holds files that no record knows: they are never taken for nobody's. What a power cut left of a volume that was being made, without files, goes.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeExists"/>.</exception>
    public void RefuseStranger(string name)
    {
        foreach (var path in new[] { New(name), Data(name), Directory(name) })
        {
            if (Libc.UnlinkAt(Libc.AT_FDCWD, path, Libc.AT_REMOVEDIR) < 0 && Marshal.GetLastPInvokeError() != Errno.ENOENT)
                throw VolumeErrors.Stranger(name, path);
        }
    }

    /// <summary>Makes an empty volume.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeExists"/> where files stand there; <see cref="ErrorIds.VolumeSizeUnsupported"/>.</exception>
    public void Create(string name, long? size)
    {
        DirectoryHandle.TryCreate(_home, Private);
        if (!DirectoryHandle.TryCreate(Directory(name), Private))
            throw VolumeErrors.Stranger(name, Directory(name));
        DirectoryHandle.TryCreate(Data(name), Shared);
        Limit(name, Data(name), size);
    }

    /// <summary>True where the volume holds nothing.</summary>
    public bool IsEmpty(string name)
    {
        using var handle = Open(name);
        using var reader = new DirectoryReader(handle.Descriptor());
        return !reader.Next();
    }

    /// <summary>Opens what the volume holds.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeDamaged"/> where there is no directory.</exception>
    public SafeFileHandle Open(string name)
    {
        using var home = DirectoryHandle.Open(_home);
        return SafeOpen.Directory(home.Descriptor(), FileName.Terminated($"{name}/_data")) is { } handle
            ? handle
            : Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV
                ? throw VolumeErrors.Damaged(name, Data(name))
                : throw LinuxError.Last("open the directory", Data(name));
    }

    /// <summary>Makes an empty directory beside what the volume holds, with the volume's own limit; gives its path.</summary>
    public string Begin(string name, long? size)
    {
        Forget(name);
        if (!DirectoryHandle.TryCreate(New(name), Shared))
            throw LinuxError.From(Errno.EEXIST, "create the directory", New(name));
        Limit(name, New(name), size);
        return New(name);
    }

    /// <summary>Puts what was begun in the place of what the volume holds, which goes.</summary>
    public void Finish(string name)
    {
        DirectoryHandle.FlushFileSystem(_home);
        // An empty directory is replaced in one step; for another one there is a moment without, which Forget mends.
        if (Libc.Rename(New(name), Data(name)) < 0)
        {
            if (Marshal.GetLastPInvokeError() is not (Errno.ENOTEMPTY or Errno.EEXIST))
                throw LinuxError.Last("replace the volume's directory", Data(name));
            EntryMove.Move(Data(name), Old(name));
            EntryMove.Move(New(name), Data(name));
        }
        DirectoryHandle.Flush(Directory(name));
        Forget(name);
    }

    /// <summary>Clears what a filling left that did not come to its end, or what it replaced.</summary>
    public void Forget(string name)
    {
        if (!Exists(New(name)) && !Exists(Old(name)))
            return;
        if (Exists(Old(name)) && !Exists(Data(name)))
            EntryMove.Move(Old(name), Data(name));
        RemoveTree(New(name));
        RemoveTree(Old(name));
        DirectoryHandle.Flush(Directory(name));
    }

    /// <summary>Deletes a volume with all that it holds, and stays deleted when the power goes: its row, which says whose files they are, goes next. Idempotent.</summary>
    public void Remove(string name)
    {
        Forget(name);
        RemoveTree(Data(name));
        TreeRemover.Remove(Directory(name));
        if (Exists(_home))
            DirectoryHandle.Flush(_home);
    }

    /// <summary>Refuses to remove what somebody has mounted into the volume's own directory.</summary>
    public void RefuseMounts(string name)
    {
        if (!Exists(Directory(name)))
            return;
        using var place = DirectoryHandle.OpenPlace(Directory(name));
        // As the kernel names it: the root may be reached through links.
        if (MountTable.Below(DirectoryHandle.Describe(place.Descriptor())) is [var mounted, ..])
            throw VolumeErrors.MountInside(name, mounted);
    }

    /// <summary>A new volume survives a power cut when this returns.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="filled">True where files are in it.</param>
    public void Sync(string name, bool filled)
    {
        if (filled)
            DirectoryHandle.FlushFileSystem(_home);
        foreach (var path in new[] { Data(name), Directory(name), _home, root })
            DirectoryHandle.Flush(path);
    }

    private static bool Exists(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    private void Limit(string name, string path, long? size)
    {
        if (size is not { } bytes)
            return;
        DirectoryHandle.TryCreate(Quotas, Private);
        var projects = LayerProjects.TryOpen("local", Quotas, out var missing) ?? throw VolumeErrors.SizeUnsupported(name, bytes, missing);
        projects.Adopt([path], new LayerQuota(bytes, null));
    }

    /// <summary>Deletes a directory; the project that it had may be given again.</summary>
    private void RemoveTree(string path)
    {
        var projects = Exists(path) && Exists(Quotas) ? LayerProjects.TryOpen("local", Quotas, out _) : null;
        var project = projects?.Of(path) ?? 0;
        TreeRemover.Remove(path);
        projects?.Release(project);
    }
}
