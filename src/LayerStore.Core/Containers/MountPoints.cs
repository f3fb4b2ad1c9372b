using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Containers;

/// <summary>The directories that containers are mounted on: one of the store's own for each container, or one that the user names.</summary>
internal sealed class MountPoints(string root)
{
    /// <summary>The container's own place in the store.</summary>
    public string DefaultOf(string containerId) => Path.Combine(root, StoreRoot.MountsName, containerId);

    /// <summary>The places in the store that are there, by containers' ids.</summary>
    public IReadOnlyList<string> All() => Path.Combine(root, StoreRoot.MountsName) is var places && Directory.Exists(places) ? Directory.GetDirectories(places) : [];

    /// <summary>Where a container is to be mounted.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="path">Where the user wants it; null for its own place.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountPathInvalid"/>.</exception>
    public string For(string containerId, string? path)
    {
        var own = DefaultOf(containerId);
        if (path is null)
            return own;
        var normalized = Normalize(path);
        // Below the store's root only the store itself makes directories: another one would be taken for a driver's.
        return normalized == own || !(normalized + "/").StartsWith(root + "/", StringComparison.Ordinal)
            ? normalized
            : throw Invalid(normalized, $"it is inside of the store '{Printable.Escape(root)}'");
    }

    /// <summary>An absolute path in the form in which it is written down.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountPathInvalid"/> where it is none.</exception>
    public static string Normalize(string path) =>
        path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal)
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))
            : throw Invalid(path, "it is not an absolute path");

    /// <summary>Makes a directory with those that lead to it, or takes one that is empty.</summary>
    /// <returns>The directories that were made, for <see cref="StoreRoot.Undo"/>.</returns>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountPathInvalid"/>, <see cref="ErrorIds.PermissionDenied"/>; nothing was made then.</exception>
    public static List<string> Make(string target)
    {
        var made = new List<string>();
        try
        {
            for (var next = 0; next >= 0;)
            {
                next = target.IndexOf('/', next + 1);
                var directory = next < 0 ? target : target[..next];
                if (Directory.Exists(directory))
                    continue;
                if (Libc.MkdirAt(Libc.AT_FDCWD, directory, Convert.ToUInt32("700", 8)) == 0)
                    made.Add(directory);
                else if (Marshal.GetLastPInvokeError() != Errno.EEXIST || !Directory.Exists(directory))
                    throw Invalid(target, $"'{Printable.Escape(directory)}' cannot be made: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
            }
            if (made.Count == 0 && Directory.EnumerateFileSystemEntries(target).Any())
                throw Invalid(target, "it is not empty");
            return made;
        }
        catch (UnauthorizedAccessException e)
        {
            StoreRoot.Undo(made);
            throw new StoreException(ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, target,
                $"The directory '{Printable.Escape(target)}' may not be read.", "Choose a directory of your own, or run as root.", e);
        }
        catch
        {
            StoreRoot.Undo(made);
            throw;
        }
    }

    /// <summary>Removes a directory where it is empty; whatever else is there stays.</summary>
    public static void Remove(string path) => _ = Libc.UnlinkAt(Libc.AT_FDCWD, path, Libc.AT_REMOVEDIR);

    private static StoreException Invalid(string target, string why) => new(
        ErrorIds.MountPathInvalid, StoreErrorKind.InvalidArgument, target,
        $"'{Printable.Escape(target)}' cannot be a mount point: {why}.",
        "Give an empty directory or one that does not exist yet, or leave the path out.");
}
