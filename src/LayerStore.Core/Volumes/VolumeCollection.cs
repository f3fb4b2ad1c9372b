using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Drivers.Trees;
using LayerStore.Images;
using LayerStore.Images.Export;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Volumes;

/// <summary>The volumes of a store: directories that outlive the containers which have them, never part of a layer.</summary>
public sealed class VolumeCollection
{
    private readonly string _root;
    private readonly StoreMetadata _metadata;
    private readonly VolumeFiles _files;

    internal VolumeCollection(string root, StoreMetadata metadata, LayerOwner owner, IMounts mounts)
    {
        (_root, _metadata) = (root, metadata);
        _files = new VolumeFiles(root);
        Changes = new VolumeChanges(root, metadata, owner, mounts);
    }

    /// <summary>How volumes come, are filled and go.</summary>
    internal VolumeChanges Changes { get; }

    /// <summary>Every volume, by name, without sizes: no directory is touched.</summary>
    public IReadOnlyList<ContainerVolume> List() => VolumeRow.List(_metadata, _root);

    /// <summary>The volume of that name.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeNotFound"/>.</exception>
    public ContainerVolume Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _metadata.Volumes.Find(name) is { Exists: true } found ? View(found) : throw VolumeErrors.NotFound(name, _root);
    }

    /// <summary>Makes a volume, which survives a power cut when this returns. One that has the name already is taken as it is, unless the options contradict it.</summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.VolumeNameInvalid"/>; <see cref="ErrorIds.VolumeExists"/> where there is another one of the name; <see cref="ErrorIds.VolumeSizeUnsupported"/> where the file system cannot limit it.
    /// </exception>
    public ContainerVolume Create(VolumeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return View(Changes.Ensure(options, anonymous: options.Name is null, fill: null).Volume);
    }

    /// <summary>What a volume holds: bytes by Docker's count, entries, and allocated bytes. Walks it.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeNotFound"/>, <see cref="ErrorIds.VolumeDamaged"/>.</exception>
    public Usage Measure(string name, CancellationToken cancellation = default)
    {
        using var handle = Open(name);
        return TreeUsage.Measure(handle, cancellation);
    }

    /// <summary>Removes a volume with all that it holds.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="force">True to take it from containers that have it; never from one in which it is mounted.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeNotFound"/>, <see cref="ErrorIds.VolumeInUse"/>, <see cref="ErrorIds.MountBusy"/> where something is mounted into its directory.</exception>
    public ContainerVolume Remove(string name, bool force = false)
    {
        var volume = Get(name);
        Changes.Remove(name, force);
        return volume;
    }

    /// <summary>Writes what a volume holds as a tar archive: sorted, the same bytes for the same files; owners, modes, times, extended attributes and hard links are kept, sockets left out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="path">The file, absolute; it gets its name when everything is written.</param>
    /// <param name="compression">How it is compressed.</param>
    /// <param name="force">True to replace a file that has the name.</param>
    /// <param name="progress">Told from the calling thread, ten times a second at most, how many bytes of the archive there are, uncompressed.</param>
    /// <param name="cancellation">Stops within one buffer; nothing stays.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeNotFound"/>, <see cref="ErrorIds.ExportPathExists"/>, <see cref="ErrorIds.ContainerChanging"/> where somebody writes meanwhile.</exception>
    public ContainerVolumeArchive Export(string name, string path, CompressionKind compression = CompressionKind.None, bool force = false, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = Path.GetFullPath(path);
        using var directory = new LayerDirectory(Open(name));
        ExportPath.Check(path, new ExportOptions { Force = force });
        // 0600: a volume's files may be secrets.
        var size = ArchiveFile.Write(path, mode: 0x180, compression, force, stream => new TreeArchive(new LayerStack([directory]), stream, cancellation).WriteAll(), progress, cancellation);
        return new ContainerVolumeArchive { FullName = path, VolumeName = name, Compression = compression, Size = size, Root = _root };
    }

    /// <summary>Makes a volume's files of a tar archive, plain or compressed; a volume that is not there is made. All of it or nothing: what the volume held stays until everything is there.</summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ArchiveNotFound"/>; <see cref="ErrorIds.VolumeNotEmpty"/>; <see cref="ErrorIds.VolumeInUse"/> where it is mounted; what extracting a layer throws.
    /// </exception>
    public ContainerVolume Import(string path, VolumeImportOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(path))
            throw VolumeErrors.NoArchive(path);
        void Fill(string directory) => Extract(path, directory, options.Limits, cancellation);
        var (volume, made) = Changes.Ensure(options.Volume, anonymous: options.Volume.Name is null, Fill);
        if (!made && !Changes.Fill(volume.Name, options.Force, Fill))
            throw VolumeErrors.NotEmpty(volume.Name);
        return View(volume);
    }

    /// <summary>True where a volume holds nothing.</summary>
    internal bool IsEmpty(string name) => _files.IsEmpty(name);

    /// <summary>Opens what a volume holds.</summary>
    internal Microsoft.Win32.SafeHandles.SafeFileHandle Open(string name)
    {
        Get(name);
        return _files.Open(name);
    }

    /// <summary>Finishes or undoes what dead owners left.</summary>
    internal void Recover() => Changes.Recover();

    private static void Extract(string path, string directory, ExtractionLimits limits, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var handle = DirectoryHandle.Open(directory);
        var extracted = LayerExtractor.Extract(
            file, new ExtractionTarget(handle, directory, WhiteoutDialect.None, RecordOverrides: Libc.Geteuid() != 0), limits, bytesRead: null, cancellation);
        if (extracted.PendingLinks is [var link, ..])
            throw Archives.Tar.ArchiveErrors.CorruptEntry(Printable.Escape(link.Path), $"it is a hard link to '{Printable.Escape(link.Target)}', which the archive does not have");
    }

    private ContainerVolume View(VolumeRecord record) => _metadata.Database.Read(transaction => VolumeRow.Of(
        record, _metadata.Volumes.LabelsOf(record.Name, transaction), [.. _metadata.Volumes.UsersOf(record.Name, transaction).Select(user => user.ContainerName)], _root));
}
