using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LayerStore.Linux;
using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>One SQLite connection with its prepared statements; used by one thread at a time.</summary>
internal sealed class MetadataConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    public MetadataConnection(SqliteConnection connection, FileIdentity file = default) => (_connection, File) = (connection, file);

    /// <summary>The database file that is open here, whatever stands at its path now.</summary>
    public FileIdentity File { get; }

    /// <summary>True where commits are synced to disk.</summary>
    public bool IsDurable { get; private set; }

    /// <summary>The connection itself, for what statements cannot do.</summary>
    public SqliteConnection Sqlite => _connection;

    /// <summary>Says whether commits are synced to disk.</summary>
    public void SetDurable(bool durable)
    {
        if (IsDurable == durable)
            return;
        Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        IsDurable = durable;
    }

    /// <summary>Runs a statement that returns no rows; gives the number of rows changed. Arguments are <c>$1</c>, <c>$2</c> …</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>Every row, read to the end before this returns, so that no statement stays open.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The first row; null where there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments) where T : class
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    /// <summary>The first column of the first row as a number; 0 where there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> arguments) =>
        Convert.ToInt64(Bind(sql, arguments).ExecuteScalar() ?? 0L, CultureInfo.InvariantCulture);

    /// <summary>The first column of the first row as text; null where there is none.</summary>
    public string? Text(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteScalar() as string;

    /// <summary>Runs statements once, without keeping them: schema steps and pragmas.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants of this assembly; values are always parameters.")]
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants of this assembly; values are always parameters.")]
    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < arguments.Length; i++)
                command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), null));
            _statements.Add(sql, command);
        }
        for (var i = 0; i < arguments.Length; i++)
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        return command;
    }
}
