using LayerStore.Linux;

namespace LayerStore.Metadata;

/// <summary>
/// Connections that wait a moment for the next command of the same session. Opening a database that nobody else has open means reading its whole log again; with a
/// connection that waits, a command begins at once. A file that was replaced meanwhile is another database, so each connection is known by its file's
/// identity, which cannot be given away while the connection is open.
/// </summary>
internal static class ConnectionPool
{
    // Long enough for a script's next line, too short to keep anybody from unmounting the store's disk.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private const int MaxConnections = 16;

    private static readonly Lock s_gate = new();
    private static readonly LinkedList<Waiting> s_waiting = new();
    private static readonly Timer s_timer = new(_ => CloseStale(), null, Timeout.Infinite, Timeout.Infinite);

    /// <summary>A waiting connection to the file that stands at <paramref name="path"/>; null where there is none.</summary>
    public static MetadataConnection? Take(string path, bool readOnly)
    {
        var file = FileIdentity.Of(path);
        lock (s_gate)
        {
            for (var node = s_waiting.First; node is not null; node = node.Next)
            {
                if (node.Value.ReadOnly != readOnly || node.Value.Path != path || node.Value.Connection.File != file)
                    continue;
                s_waiting.Remove(node);
                return node.Value.Connection;
            }
            return null;
        }
    }

    /// <summary>Lets a connection wait. It is in no transaction.</summary>
    public static void Keep(string path, bool readOnly, MetadataConnection connection)
    {
        lock (s_gate)
        {
            s_waiting.AddFirst(new Waiting(path, readOnly, connection, Environment.TickCount64));
            if (s_waiting.Count == 1)
                s_timer.Change(Patience, Patience);
            if (s_waiting.Count > MaxConnections)
                CloseLast();
        }
    }

    private static void CloseStale()
    {
        lock (s_gate)
        {
            while (s_waiting.Last is { } last && Environment.TickCount64 - last.Value.Since >= Patience.TotalMilliseconds)
                CloseLast();
            if (s_waiting.Count == 0)
                s_timer.Change(Timeout.Infinite, Timeout.Infinite);
        }
    }

    private static void CloseLast()
    {
        var last = s_waiting.Last!;
        s_waiting.RemoveLast();
        last.Value.Connection.Dispose();
    }

    private sealed record Waiting(string Path, bool ReadOnly, MetadataConnection Connection, long Since);
}
