using System.Runtime.InteropServices;
using LayerStore.Drivers;
using LayerStore.Linux;

namespace LayerStore;

/// <summary>The root directory: what stands where in it, which path may be one, and how it is made.</summary>
internal static class StoreRoot
{
    /// <summary>The database's file; where it stands, the directory is a store.</summary>
    public const string DatabaseName = "metadata.db";

    /// <summary>The directory of mount points.</summary>
    public const string MountsName = "mnt";

    /// <summary>The directory of volumes.</summary>
    public const string VolumesName = "volumes";

    /// <summary>The file whose byte ranges are the containers' locks.</summary>
    public const string LocksName = "locks";

    /// <summary>The database of the store at <paramref name="root"/>.</summary>
    public static string DatabaseOf(string root) => Path.Combine(root, DatabaseName);

    /// <summary>
    /// True where a store stands at <paramref name="root"/>, and where nobody may look: it is then somebody else's, and opening it says so.
    /// </summary>
    public static unsafe bool HoldsStore(string root)
    {
        StatxData data;
        fixed (byte* path = FileName.Terminated(DatabaseOf(root)))
        {
            return Libc.Statx(Libc.AT_FDCWD, path, 0, Libc.STATX_BASIC_STATS, &data) == 0
                ? data.Size > 0
                : Marshal.GetLastPInvokeError() == Errno.EACCES;
        }
    }

    /// <summary>The root in its one spelling.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreRootInvalid"/> for a path that cannot be one.</exception>
    public static string Normalize(string root)
    {
        if (!root.StartsWith('/') || root.Contains('\0', StringComparison.Ordinal))
            throw Invalid(root, "is not an absolute path");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        return full == "/" ? throw Invalid(root, "is the root of the file system") : full;
    }

    /// <summary>
    /// Makes the directory where it is missing, readable for its owner alone (0700), and where that is root passable for root's group (0710, as Docker's). Gives the
    /// directories that were made, lowest first, so that a failure later can undo it.
    /// </summary>
    /// <param name="root">As <see cref="Normalize"/> gives it.</param>
    /// <param name="ours">Names that may stand in a directory that is to become a store.</param>
    public static IReadOnlyList<string> Make(string root, IEnumerable<string> ours)
    {
        var made = new List<string>();
        try
        {
            for (var next = 1; next > 0;)
            {
                next = root.IndexOf('/', next + 1);
                var path = next < 0 ? root : root[..next];
                if (Directory.Exists(path))
                    continue;
                var mode = Libc.Geteuid() == 0 && path != root ? "755" : "700";
                if (Libc.MkdirAt(Libc.AT_FDCWD, path, Convert.ToUInt32(mode, 8)) == 0)
                    made.Add(path);
                else
                    ThrowUnlessDirectory(path, root);
            }
            RefuseForeignContent(root, ours);
            if (OperatingSystem.IsLinux() && Libc.Geteuid() is var user)
                File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | (user == 0 ? UnixFileMode.GroupExecute : 0));
            return made;
        }
        catch (UnauthorizedAccessException e)
        {
            Undo(made);
            throw new StoreException(ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, root,
                $"The store's root '{Printable.Escape(root)}' belongs to somebody else or may not be read.",
                "Run as its owner, or choose a root that you own.", e);
        }
        catch
        {
            Undo(made);
            throw;
        }
    }

    /// <summary>Takes away directories that were made, as far as they are empty.</summary>
    public static void Undo(IReadOnlyList<string> made)
    {
        foreach (var path in made.Reverse())
            _ = Libc.UnlinkAt(Libc.AT_FDCWD, path, Libc.AT_REMOVEDIR);
    }

    /// <summary>The nearest directory at or above <paramref name="root"/> that exists.</summary>
    public static string NearestExisting(string root)
    {
        var path = root;
        while (!Directory.Exists(path))
            path = Path.GetDirectoryName(path) ?? "/";
        return path;
    }

    /// <summary>Refuses a path at which no store could be made, touching nothing.</summary>
    public static void RefuseImpossible(string root, IEnumerable<string> ours)
    {
        var nearest = NearestExisting(root);
        if (nearest == root)
            RefuseForeignContent(root, ours);
        else if (File.Exists(Path.Combine(nearest, root[nearest.Length..].TrimStart('/').Split('/')[0])))
            throw Invalid(root, "leads through a file");
    }

    private static void ThrowUnlessDirectory(string path, string root)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error == Errno.EEXIST && Directory.Exists(path))
            return; // Somebody else made it just now.
        throw error switch
        {
            Errno.EEXIST or Errno.ENOTDIR => Invalid(root, path == root ? "is a file" : $"leads through '{Printable.Escape(path)}', which is no directory"),
            Errno.ENAMETOOLONG => Invalid(root, "is longer than the system allows"),
            _ => LinuxError.From(error, "create the directory", path),
        };
    }

    private static void RefuseForeignContent(string root, IEnumerable<string> ours)
    {
        if (File.Exists(DatabaseOf(root)))
            return;
        // The database and a place where drivers are tried too: somebody else may be making the store just now, or died of it.
        var known = new HashSet<string>([.. ours, MountsName, VolumesName, LocksName, DatabaseName, DatabaseName + "-wal", DatabaseName + "-shm", DatabaseName + "-journal", "lost+found"], StringComparer.Ordinal);
        var foreign = Directory.EnumerateFileSystemEntries(root).Select(path => Path.GetFileName(path)!).FirstOrDefault(name => !known.Contains(name) && !ProbeDirectory.IsOne(name));
        if (foreign is not null)
            throw Invalid(root, $"is not empty and holds no store (it contains '{Printable.Escape(foreign)}')");
    }

    private static StoreException Invalid(string root, string why) => new(
        ErrorIds.StoreRootInvalid, StoreErrorKind.InvalidArgument, root,
        $"'{Printable.Escape(root)}' cannot be a store's root: it {why}.",
        "Give the absolute path of a store, of an empty directory, or of one that does not exist yet.");
}
