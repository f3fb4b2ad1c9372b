using System.Text;
using LayerStore.Linux;
using LayerStore.Metadata;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Containers.Copying;

/// <summary>
/// Copies as <c>docker cp</c> does (https://docs.docker.com/reference/cli/docker/container/cp/): what a source and a destination mean together, whether they end with a slash or <c>/.</c>, and which links are followed.
/// </summary>
/// <param name="store">The store's root, which is never copied into itself.</param>
internal sealed class ContainerCopying(string store)
{
    /// <summary>Copies.</summary>
    /// <param name="container">For the result.</param>
    /// <param name="tree">The container's open root.</param>
    /// <param name="source">Absolute; of the machine, or of the container.</param>
    /// <param name="destination">Absolute; of the other one.</param>
    /// <param name="intoContainer">The direction.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told of the bytes so far; null for nobody.</param>
    /// <param name="cancellation">Stops between two entries; what is complete stays.</param>
    public ContainerFileCopy Run(
        ContainerRecord container, SafeFileHandle tree, string source, string destination, bool intoContainer, ContainerCopyOptions options, IProgress<long>? progress, CancellationToken cancellation)
    {
        if (intoContainer)
            destination = FromRoot(destination);
        else
            source = FromRoot(source);
        using var machine = DirectoryHandle.OpenPlace("/");
        var (sourceRoot, targetRoot) = intoContainer ? (machine, tree) : (tree, machine);
        using var from = RootedPath.Resolve(sourceRoot, Bytes(source), options.FollowLink || EndsAsDirectory(source), crossesMounts: intoContainer, source);
        if (from.Data is not { } what)
            throw CopyErrors.SourceMissing(source);
        if (!what.IsDirectory && EndsAsDirectory(source))
            throw CopyErrors.SourceNoDirectory(source);
        using var to = RootedPath.Resolve(targetRoot, Bytes(destination), followLast: true, crossesMounts: !intoContainer, destination);

        var forbidden = new HashSet<(uint, uint, ulong)>();
        Forbid(forbidden, store);
        if (to.Data is { IsDirectory: true } there)
            forbidden.Add(TreeTransfer.Identity(there));
        var transfer = new TreeTransfer(new CopyRules(intoContainer, options.Archive), intoContainer, forbidden, progress, cancellation);
        var copy = what.IsDirectory
            ? CopyDirectory(transfer, from, to, source, destination)
            : CopyFile(transfer, from, to, source, destination);
        return new ContainerFileCopy
        {
            FullName = copy,
            Source = source,
            ToContainer = intoContainer,
            Entries = transfer.Entries,
            Size = transfer.Bytes,
            Skipped = transfer.Skipped,
            SkippedCount = transfer.SkippedCount,
            ContainerId = container.Id,
            Name = container.Name,
            Root = store,
        };
    }

    private static string CopyDirectory(TreeTransfer transfer, RootedPath from, RootedPath to, string source, string destination)
    {
        if (to.Data is null)
        {
            transfer.Copy(from.Directory, Or(from.Name, "."u8), to.Directory, to.Name, source);
            return destination.TrimEnd('/');
        }
        if (to.Data is { IsDirectory: false })
            throw CopyErrors.TargetNoDirectory(destination);
        using var target = to.OpenDirectory(destination);
        // The root has no name that it could have elsewhere.
        if (from.Name.Length == 0 || source.EndsWith("/.", StringComparison.Ordinal))
        {
            using var directory = from.OpenDirectory(source);
            transfer.CopyContents(directory, target, source);
            return destination;
        }
        var name = LastName(source, from);
        transfer.Copy(from.Directory, from.Name, target, Encoding.UTF8.GetBytes(name), source);
        return Join(destination, name);
    }

    private static string CopyFile(TreeTransfer transfer, RootedPath from, RootedPath to, string source, string destination)
    {
        if (to.Data is null or { IsDirectory: false })
        {
            if (EndsAsDirectory(destination))
                throw CopyErrors.DirectoryMissing(destination);
            transfer.Copy(from.Directory, from.Name, to.Directory, to.Name, source);
            return destination;
        }
        using var target = to.OpenDirectory(destination);
        var name = LastName(source, from);
        transfer.Copy(from.Directory, from.Name, target, Encoding.UTF8.GetBytes(name), source);
        return Join(destination, name);
    }

    /// <summary>The name that the copy gets: as the source was named, also where it is a link that is followed.</summary>
    private static string LastName(string source, RootedPath from)
    {
        var name = Path.GetFileName(source.EndsWith("/.", StringComparison.Ordinal) ? source[..^2].TrimEnd('/') : source.TrimEnd('/'));
        return name is ".." or "." or "" ? Encoding.UTF8.GetString(from.Name) : name;
    }

    private static string Join(string directory, string name) =>
        $"{(directory.EndsWith("/.", StringComparison.Ordinal) ? directory[..^2] : directory).TrimEnd('/')}/{name}";

    private static string FromRoot(string path) => path.StartsWith('/') ? path : "/" + path;

    private static bool EndsAsDirectory(string path) =>
        path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);

    private static byte[] Bytes(string path) =>
        path.Contains('\0', StringComparison.Ordinal)
            ? throw new StoreException(ErrorIds.PathInvalid, StoreErrorKind.InvalidArgument, path, "A path holds a NUL character.", "Check the path.")
            : Encoding.UTF8.GetBytes(path);

    private static byte[] Or(byte[] name, ReadOnlySpan<byte> other) => name.Length == 0 ? other.ToArray() : name;

    private static void Forbid(HashSet<(uint, uint, ulong)> forbidden, string path)
    {
        using var handle = DirectoryHandle.OpenPlace(path);
        if (new TreeDirectory(handle).TryStat(out var data))
            forbidden.Add(TreeTransfer.Identity(data));
    }
}
