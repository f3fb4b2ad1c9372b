using System.Text;
using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Volumes;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Containers;

/// <summary>
/// The volumes and directories inside of a mounted container. Paths are followed by handles, with the container's root as the root of all paths, so that a link of the image, or what a container changes
/// meanwhile, leads nowhere outside.
/// </summary>
internal sealed class InnerMounts(VolumeCollection volumes, IMounts mounts)
{
    /// <summary>Makes the directories that are mounted over and not there, as Docker does: root's, 0755.</summary>
    public static void MakePlaces(SafeFileHandle root, IReadOnlyList<ContainerMountRecord> inner)
    {
        foreach (var mount in Ordered(inner))
            Place(root, mount.Path).Dispose();
    }

    /// <summary>Mounts those that are not mounted, the upper before the deeper ones; all or none.</summary>
    /// <param name="target">Where the container is mounted.</param>
    /// <param name="inner">What it has.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountPathInvalid"/>, <see cref="ErrorIds.VolumeDamaged"/>, <see cref="ErrorIds.FileNotFound"/>, <see cref="ErrorIds.MountFailed"/>.</exception>
    public void Attach(string target, IReadOnlyList<ContainerMountRecord> inner)
    {
        if (inner.Count == 0)
            return;
        using var root = DirectoryHandle.Open(target);
        foreach (var mount in Ordered(inner))
        {
            using var place = Place(root, mount.Path);
            using var source = Source(mount);
            if (IdentityOf(place.Data!.Value) != IdentityOf(source))
                mounts.MountInto(source, place.Directory, place.Name, mount.ReadOnly, mount.Path);
        }
    }

    /// <summary>Unmounts what <see cref="Attach"/> mounted, wherever the container moved it to, the deeper before the upper ones. Where one is in use, all are there again.</summary>
    /// <param name="target">Where the container is mounted.</param>
    /// <param name="inner">What it has.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountBusy"/>.</exception>
    public void Detach(string target, IReadOnlyList<ContainerMountRecord> inner)
    {
        if (inner.Count == 0)
            return;
        try
        {
            using var root = DirectoryHandle.Open(target);
            var known = inner.Select(TryIdentify).ToHashSet();
            var top = DirectoryHandle.Describe(root.Descriptor());
            foreach (var point in MountTable.Below(top).Where(point => point != top))
                DetachOne(root, point[(top.Length + 1)..], inner, known);
        }
        catch
        {
            TryAttach(target, inner);
            throw;
        }
    }

    /// <summary>Mounts again what was unmounted for nothing.</summary>
    public void TryAttach(string target, IReadOnlyList<ContainerMountRecord> inner)
    {
        try
        {
            Attach(target, inner);
        }
        catch (StoreException)
        {
            // The failure before this one is the one to tell.
        }
    }

    /// <summary>The error of a path at which the container has something else than a directory.</summary>
    public static StoreException NoDirectory(string path) => new(
        ErrorIds.MountPathInvalid, StoreErrorKind.InvalidArgument, path,
        $"Nothing can be mounted at '{Printable.Escape(path)}' in the container: what it has there is no directory of its own.",
        "Choose another path for the volume, or remove what stands there.");

    private void DetachOne(SafeFileHandle root, string path, IReadOnlyList<ContainerMountRecord> inner, HashSet<FileIdentity> known)
    {
        using var place = RootedPath.Resolve(root, Encoding.UTF8.GetBytes(path), followLast: false, crossesMounts: true, path);
        // What an administrator mounted there besides is his to unmount.
        if (place.Data is { } data && place.Name.Length > 0 && (known.Contains(IdentityOf(data)) || inner.Any(mount => mount.Path == "/" + path)))
            mounts.UnmountIn(place.Directory, place.Name, "/" + path);
    }

    private static RootedPath Place(SafeFileHandle root, string path)
    {
        var place = RootedPath.Resolve(root, Encoding.UTF8.GetBytes(path), followLast: true, crossesMounts: true, path, makesDirectories: true);
        if (place.Data is { IsDirectory: true } && place.Name.Length > 0)
            return place;
        place.Dispose();
        throw NoDirectory(path);
    }

    private SafeFileHandle Source(ContainerMountRecord mount) => mount.Volume is { } volume ? volumes.Open(volume) : DirectoryHandle.OpenPlace(mount.Source!);

    private FileIdentity TryIdentify(ContainerMountRecord mount)
    {
        try
        {
            using var source = Source(mount);
            return IdentityOf(source);
        }
        catch (StoreException)
        {
            return default; // It is gone; its path still says what it was.
        }
    }

    private static FileIdentity IdentityOf(SafeFileHandle handle) => new TreeDirectory(handle).TryStat(out var data) ? IdentityOf(data) : default;

    private static FileIdentity IdentityOf(in StatxData data) => new(data.FileSystemMajor, data.FileSystemMinor, data.Inode);

    private static IEnumerable<ContainerMountRecord> Ordered(IReadOnlyList<ContainerMountRecord> inner) =>
        inner.OrderBy(mount => mount.Path.Count(letter => letter == '/')).ThenBy(mount => mount.Path, StringComparer.Ordinal);
}
