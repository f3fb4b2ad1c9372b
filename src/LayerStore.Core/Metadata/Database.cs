using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using LayerStore.Linux;
using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>
/// A store's SQLite database. Readers see one moment and never wait for writers (WAL); one writer at a time, among the threads by a lock, among processes by SQLite's own.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int DefaultBusyMilliseconds = 30_000;

    // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE. The log then stays beside the database when the last connection closes: closing a store neither syncs nor
    // unlinks, and a reader need not make files to open it again.
    private const int NoCheckpointOnClose = 1006;

    private readonly ConcurrentBag<MetadataConnection> _readers = [];
    private readonly Lock _writing = new();
    private readonly string _connectionString;
    private readonly int _busyMilliseconds;
    private MetadataConnection? _writer;
    private readonly bool _pooled;
    private volatile bool _disposed;

    private Database(string path, bool readOnly, int busyMilliseconds, bool pooled = false)
    {
        _pooled = pooled;
        _busyMilliseconds = busyMilliseconds;
        Path = path;
        IsReadOnly = readOnly;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
            // SQLite waits itself (busy_timeout); when it gives up, the provider must not begin again.
            DefaultTimeout = 1,
        }.ToString();
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>True where nothing may be written.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Opens the database that stands at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readOnly">True where nothing may be written.</param>
    /// <param name="busyMilliseconds">How long to wait for another process's write.</param>
    /// <param name="pooled">True to leave connections to the session's next command for a moment; see <see cref="ConnectionPool"/>.</param>
    public static Database Open(string path, bool readOnly, int busyMilliseconds = DefaultBusyMilliseconds, bool pooled = false) =>
        Start(new Database(path, readOnly, busyMilliseconds, pooled));

    /// <summary>Opens the database, and makes it where there is none. Several processes may do so at once.</summary>
    public static Database OpenOrCreate(string path)
    {
        // Made here and not by SQLite, which leaves the mode to the umask; its other files take the mode from this one.
        var file = Libc.Open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, Convert.ToUInt32("600", 8));
        if (file >= 0)
            _ = Libc.Close(file);
        else if (Marshal.GetLastPInvokeError() != Errno.EEXIST)
            throw LinuxError.Last("create the store's database", path);
        return Start(new Database(path, readOnly: false, DefaultBusyMilliseconds));
    }

    /// <summary>Runs <paramref name="work"/> on one moment of the database; its transaction is for reading only.</summary>
    public T Read<T>(Func<MetadataTransaction, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        MetadataConnection? connection = null;
        try
        {
            if (!_readers.TryTake(out connection))
                connection = Connect();
            connection.Execute("BEGIN");
            var result = work(new MetadataTransaction(connection));
            connection.Execute("COMMIT");
            Return(connection);
            return result;
        }
        catch (Exception e)
        {
            if (connection is not null && RollBack(connection))
                Return(connection);
            if (e is SqliteException error)
                throw SqliteError.From(error, Path);
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> inside <paramref name="transaction"/>, or on one moment of the database where there is none.</summary>
    public T Run<T>(MetadataTransaction? transaction, Func<MetadataConnection, T> work) =>
        transaction is null ? Read(reading => work(reading.Connection)) : work(transaction.Connection);

    /// <summary>Runs <paramref name="work"/> in a write transaction, which is undone where it throws.</summary>
    /// <param name="work">The writing.</param>
    /// <param name="durable">True where a power cut after the return may lose nothing; false for what a crash undoes anyway.</param>
    public T Write<T>(Func<MetadataTransaction, T> work, bool durable)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                var connection = _writer ??= Connect();
                connection.SetDurable(durable);
                connection.Execute("BEGIN IMMEDIATE");
                var result = work(new MetadataTransaction(connection));
                connection.Execute("COMMIT");
                return result;
            }
            catch (Exception e)
            {
                if (_writer is not null && !RollBack(_writer))
                    _writer = null;
                if (e is SqliteException error)
                    throw SqliteError.From(error, Path);
                throw;
            }
        }
    }

    /// <summary>As <see cref="Write{T}"/>, for writing that has no result.</summary>
    public void Write(Action<MetadataTransaction> work, bool durable) => Write(transaction =>
    {
        work(transaction);
        return true;
    }, durable);

    public void Dispose()
    {
        lock (_writing)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (_writer is not null)
                Discard(_writer);
            _writer = null;
        }
        while (_readers.TryTake(out var reader))
            Discard(reader);
    }

    private static Database Start(Database database)
    {
        MetadataConnection? connection = null;
        try
        {
            connection = database.Connect();
            // One moment: another process may be making the tables just now.
            connection.Execute("BEGIN");
            var version = Schema.Check(connection, database.Path);
            connection.Execute("COMMIT");
            if (version < Schema.Version)
                database.Upgrade(connection);
            database.Return(connection);
            return database;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw SqliteError.From(e, database.Path);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private void Upgrade(MetadataConnection connection)
    {
        if (IsReadOnly)
            throw new StoreException(ErrorIds.StoreVersionUnsupported, StoreErrorKind.NotSupported, Path,
                $"The store's database '{Printable.Escape(Path)}' was written by an older LayerStore, or was never finished, and may not be changed while only reading.",
                "Run a command that changes the store, such as Initialize-Storage, once.");
        EnableWriteAheadLog(connection);
        connection.Execute("BEGIN IMMEDIATE");
        Schema.Migrate(connection, Path);
        connection.Execute("COMMIT");
    }

    private static void EnableWriteAheadLog(MetadataConnection connection)
    {
        // Of two processes that switch at once one fails at once, without SQLite's waiting.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                connection.Run("PRAGMA journal_mode = WAL");
                return;
            }
            catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6 && attempt < 200)
            {
                Thread.Sleep(10);
            }
        }
    }

    private void Discard(MetadataConnection connection)
    {
        if (_pooled)
            ConnectionPool.Keep(Path, IsReadOnly, connection);
        else
            connection.Dispose();
    }

    private MetadataConnection Connect()
    {
        if (_pooled && ConnectionPool.Take(Path, IsReadOnly) is { } waiting)
            return waiting;
        var sqlite = new SqliteConnection(_connectionString);
        try
        {
            sqlite.Open();
            _ = SQLitePCL.raw.sqlite3_db_config(sqlite.Handle!, NoCheckpointOnClose, 1, out _);
            var connection = new MetadataConnection(sqlite, FileIdentity.Of(Path));
            connection.Run($"PRAGMA busy_timeout = {_busyMilliseconds}; PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL");
            return connection;
        }
        catch
        {
            sqlite.Dispose();
            throw;
        }
    }

    private void Return(MetadataConnection connection)
    {
        if (_disposed)
            Discard(connection);
        else
            _readers.Add(connection);
    }

    /// <summary>Undoes the transaction; where even that fails, the connection is closed, which undoes it too.</summary>
    private static bool RollBack(MetadataConnection connection)
    {
        try
        {
            // Some failures (a full disk among them) have rolled back already.
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Sqlite.Handle!) == 0)
                connection.Execute("ROLLBACK");
            return true;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            return false;
        }
    }
}
