using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>How values stand in columns.</summary>
internal static class Rows
{
    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static byte[]? BytesOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static DateTime Time(this SqliteDataReader row, int column) => new(row.GetInt64(column), DateTimeKind.Utc);

    public static LayerId Layer(this SqliteDataReader row, int column) => LayerId.Parse(row.GetString(column));

    public static LayerId? LayerOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Layer(column);

    public static Digest DigestOrEmpty(this SqliteDataReader row, int column) => row.IsDBNull(column) ? default : Digest.Parse(row.GetString(column));

    /// <summary>The column value of a time.</summary>
    public static long Ticks(DateTime time) => time.Kind == DateTimeKind.Local ? time.ToUniversalTime().Ticks : time.Ticks;

    /// <summary>
    /// The first text after every text that begins with <paramref name="prefix"/>, for a range search that uses the index (LIKE would not).
    /// </summary>
    public static string PrefixEnd(string prefix) => prefix + '\uffff';
}
