using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>Turns SQLite's result codes (sqlite.org/rescode.html) into the exceptions that users see.</summary>
internal static class SqliteError
{
    private const int Perm = 3, Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;
    private const int IoErrorShmSize = 4874;

    /// <summary>The exception for <paramref name="error"/>, which happened on the database <paramref name="path"/>.</summary>
    public static StoreException From(SqliteException error, string path)
    {
        var name = Printable.Escape(path);
        return error.SqliteErrorCode switch
        {
            Full => DiskFull(error, path, name),
            IoError when error.SqliteExtendedErrorCode == IoErrorShmSize => DiskFull(error, path, name),
            Busy or Locked => new StoreException(ErrorIds.StoreBusy, StoreErrorKind.InUse, path,
                $"The store's database '{name}' is being written by another process and did not become free in time.",
                "Wait until the other command has ended and run this one again.", error),
            Perm or ReadOnly or CannotOpen => new StoreException(ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, path,
                $"The store's database '{name}' could not be opened or written: {error.Message}",
                "Run as the user who owns the store, and look whether its file system is mounted read-only.", error),
            Corrupt or NotADatabase => new StoreException(ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, path,
                $"The store's database '{name}' is damaged or is no database.",
                "Put the file back from a backup. Without one, move it aside: the layers and their identity files are still in the driver's directory.", error),
            IoError => new StoreException(ErrorIds.InputOutputError, StoreErrorKind.InputOutput, path,
                $"Reading or writing the store's database '{name}' failed: {error.Message}",
                "Look at the kernel's log for a failing disk.", error),
            _ => new StoreException(ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, path,
                $"The store's database '{name}' refused a statement: {error.Message}",
                "The records contradict each other or the program has a fault: please report it with this message.", error),
        };
    }

    private static StoreException DiskFull(SqliteException error, string path, string name) => new(
        ErrorIds.DiskFull, StoreErrorKind.NoSpace, path,
        $"The disk is full: the store's database '{name}' could not grow.",
        "Free space (or inodes: df -i) on the file system of the store and run the command again; nothing of it was kept.", error);
}
