using LayerStore.Archives;
using LayerStore.Containers.Copying;
using LayerStore.Images;
using LayerStore.Images.Export;
using LayerStore.Layers;

namespace LayerStore.Containers;

public sealed partial class ContainerCollection
{
    /// <summary>Writes a container's whole tree, its image included, as one tar archive, as <c>docker export</c>: sorted, the same bytes for the same files.</summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="path">The file, absolute; it gets its name when everything is written.</param>
    /// <param name="compression">How the archive is compressed.</param>
    /// <param name="force">True to replace a file that has the name.</param>
    /// <param name="progress">Told from the calling thread, ten times a second at most, how many bytes of the archive there are, uncompressed.</param>
    /// <param name="cancellation">Stops within one buffer; nothing stays.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotFound"/>, <see cref="ErrorIds.ExportPathExists"/>, <see cref="ErrorIds.ContainerChanging"/>.</exception>
    public ContainerArchive Export(string nameOrId, string path, CompressionKind compression = CompressionKind.None, bool force = false, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = Path.GetFullPath(path);
        using var held = Enter(nameOrId, out var container);
        ExportPath.Check(path, new ExportOptions { Force = force });
        using var tree = new MergedTree(_driver, container.Layer, _layers.ParentsOf(container.Layer));
        var size = ArchiveFile.Write(path, mode: 0x1B6, compression, force, stream => new TreeArchive(tree.Stack, stream, cancellation).WriteAll(), progress, cancellation);
        return new ContainerArchive { FullName = path, ContainerId = container.Id, Name = container.Name, Size = size, Root = _root };
    }

    /// <summary>Copies a file or directory of this machine into a container, as <c>docker cp</c>; the container may be mounted or not. Symbolic links of the container lead nowhere outside it.</summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="source">An absolute path. With <c>/.</c> at its end a directory's contents are copied and not the directory.</param>
    /// <param name="destination">A path in the container, from its root. A directory that is there gets the copy in it; its parent must exist.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="progress">Told from the calling thread, ten times a second at most, how many bytes of contents were written.</param>
    /// <param name="cancellation">Stops between two entries; what was copied stays.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ContainerNotFound"/>, <see cref="ErrorIds.FileNotFound"/>, <see cref="ErrorIds.CopyTargetInvalid"/>, <see cref="ErrorIds.ContainerMounted"/> where it is mounted read-only,
    /// <see cref="ErrorIds.ContainerChanging"/>.
    /// </exception>
    public ContainerFileCopy CopyTo(string nameOrId, string source, string destination, ContainerCopyOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        Copy(nameOrId, source, destination, intoContainer: true, options, progress, cancellation);

    /// <summary>Copies a file or directory out of a container, as <see cref="CopyTo"/> copies into it. Nothing outside the destination is touched, whatever the container holds.</summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="source">A path in the container, from its root.</param>
    /// <param name="destination">An absolute path of this machine.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="progress">Told from the calling thread, ten times a second at most, how many bytes of contents were written.</param>
    /// <param name="cancellation">Stops between two entries; what was copied stays.</param>
    public ContainerFileCopy CopyFrom(string nameOrId, string source, string destination, ContainerCopyOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        Copy(nameOrId, source, destination, intoContainer: false, options, progress, cancellation);

    /// <summary>What a volume hides is the layer's, and nobody who names a path of the container means it.</summary>
    private void RefuseInner(Metadata.ContainerRecord container, string path)
    {
        var clean = Path.GetFullPath(path, "/");
        if (_metadata.ContainerMounts.Of(container.Id).LastOrDefault(inner => clean == inner.Path || clean.StartsWith(inner.Path + "/", StringComparison.Ordinal)) is { } mount)
            throw new StoreException(ErrorIds.CopyTargetInvalid, StoreErrorKind.InvalidArgument, path,
                $"'{Printable.Escape(path)}' of the container '{container.Name}' is in {(mount.Volume is { } volume ? $"the volume '{volume}'" : $"the directory '{Printable.Escape(mount.Source)}' of this machine")}.",
                $"Copy from or to '{Printable.Escape(mount.Source ?? new Volumes.VolumeFiles(_root).Data(mount.Volume!) + clean[mount.Path.Length..])}'.");
    }

    private ContainerFileCopy Copy(
        string nameOrId, string source, string destination, bool intoContainer, ContainerCopyOptions? options, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        using var held = Enter(nameOrId, out var container);
        RefuseInner(container, intoContainer ? destination : source);
        using var tree = _mounting.Open(container, writable: intoContainer);
        return new ContainerCopying(_root).Run(container, tree.Root, source, destination, intoContainer, options ?? new ContainerCopyOptions(), progress, cancellation);
    }
}
