using System.Text;
using LayerStore.Containers.Copying;
using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Containers;

/// <summary>Makes the volumes that a container is to have, and gives the empty ones what its image has at their paths, as Docker does.</summary>
internal sealed class VolumePreparation(VolumeCollection volumes, ContainerMounting mounting)
{
    /// <summary>Makes what is missing.</summary>
    /// <param name="container">The container, not mounted.</param>
    /// <param name="mounts">What it is to have; a volume without a name gets one.</param>
    /// <param name="made">Takes the names of the volumes that were made here, so that they can be undone, also where this fails.</param>
    /// <returns>The same, all volumes by name.</returns>
    /// <exception cref="StoreException"><see cref="ErrorIds.FileNotFound"/> where a directory of this machine is not there; <see cref="ErrorIds.MountPathInvalid"/> where the image has a file at a path.</exception>
    public IReadOnlyList<ContainerMountRecord> Run(ContainerRecord container, IReadOnlyList<ContainerMountRecord> mounts, List<string> made)
    {
        foreach (var mount in mounts)
            RefuseMissing(mount);
        var ready = new List<ContainerMountRecord>();
        ContainerTree? tree = null;
        try
        {
            foreach (var mount in mounts)
            {
                if (mount.Source is not null)
                {
                    ready.Add(mount);
                    continue;
                }
                var (volume, isNew) = volumes.Changes.Ensure(new VolumeOptions { Name = mount.Volume }, mount.Anonymous, fill: null);
                if (isNew)
                    made.Add(volume.Name);
                if (mount.Copies && volumes.IsEmpty(volume.Name))
                    Copy((tree ??= mounting.Open(container, writable: false)).Root, mount.Path, volume.Name);
                ready.Add(mount with { Volume = volume.Name });
            }
            return ready;
        }
        finally
        {
            tree?.Dispose();
        }
    }

    private void Copy(Microsoft.Win32.SafeHandles.SafeFileHandle root, string path, string volume)
    {
        RootedPath place;
        try
        {
            place = RootedPath.Resolve(root, Encoding.UTF8.GetBytes(path), followLast: true, crossesMounts: false, path);
        }
        catch (StoreException error) when (error.ErrorId == ErrorIds.FileNotFound)
        {
            return; // The image has nothing there; the directory is made when the container is mounted.
        }
        using (place)
        {
            if (place.Data is not { } data)
                return;
            if (!data.IsDirectory)
                throw InnerMounts.NoDirectory(path);
            using var source = place.OpenDirectory(path);
            try
            {
                volumes.Changes.Fill(volume, replace: false, target => TreeCopy.CopyInto(source.ProcPath(), target));
            }
            catch (StoreException error) when (error.ErrorId == ErrorIds.VolumeInUse)
            {
                // Another container has it mounted: it is that one's to fill.
            }
        }
    }

    private static void RefuseMissing(ContainerMountRecord mount)
    {
        if (mount.Source is { } source && !Directory.Exists(source))
            throw new StoreException(ErrorIds.FileNotFound, StoreErrorKind.NotFound, source,
                $"'{Printable.Escape(source)}' cannot be mounted in a container: there is no such directory.", "Make the directory first, or name a volume (NAME:/path).");
    }
}
