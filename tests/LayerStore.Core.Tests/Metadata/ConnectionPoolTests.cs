using LayerStore.Metadata;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Metadata;

public sealed class ConnectionPoolTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly string _path;

    public ConnectionPoolTests()
    {
        _path = Path.Combine(_folder.Base, "metadata.db");
        Database.OpenOrCreate(_path).Dispose();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_next_command_finds_the_database_open_and_what_others_wrote_meanwhile()
    {
        var (first, descriptors) = Connection(Open());
        using (var other = Database.Open(_path, readOnly: false))
            other.Write(transaction => SettingRecords.Set(transaction, "a", "1"), durable: true);
        using var again = Open();
        Assert.Same(first, again.Read(transaction => transaction.Connection));
        Assert.Equal("1", new SettingRecords(again).Get("a"));
        Assert.NotEqual(0, descriptors);
    }

    [Fact]
    public void A_database_that_took_the_place_of_another_is_opened_itself()
    {
        Connection(Open());
        foreach (var file in Directory.GetFiles(_folder.Base, "metadata.db*"))
            File.Delete(file);
        using (var made = Database.OpenOrCreate(_path))
            made.Write(transaction => SettingRecords.Set(transaction, "a", "new"), durable: true);
        using var again = Open();
        Assert.Equal("new", new SettingRecords(again).Get("a"));
    }

    [Fact]
    public void A_connection_for_reading_never_serves_a_writer()
    {
        using (var reader = Database.Open(_path, readOnly: true, pooled: true))
            reader.Read(transaction => transaction.Connection);
        using var writer = Open();
        writer.Write(transaction => SettingRecords.Set(transaction, "a", "1"), durable: true);
    }

    [Fact]
    public void A_moment_later_nothing_is_open_any_more()
    {
        Connection(Open());
        for (var wait = 0; OpenHere() > 0 && wait < 200; wait++)
            Thread.Sleep(50);
        Assert.Equal(0, OpenHere());
    }

    private Database Open() => Database.Open(_path, readOnly: false, pooled: true);

    private (MetadataConnection Connection, int Descriptors) Connection(Database database)
    {
        using (database)
            database.Write(transaction => SettingRecords.Set(transaction, "b", "1"), durable: true);
        using var pooled = Open();
        return (pooled.Read(transaction => transaction.Connection), OpenHere());
    }

    /// <summary>The descriptors of this process that stand on the database's files.</summary>
    private int OpenHere() => Directory.GetFiles("/proc/self/fd").Count(link =>
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName.StartsWith(_path, StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    });
}
