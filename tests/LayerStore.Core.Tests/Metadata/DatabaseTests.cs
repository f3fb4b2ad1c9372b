using LayerStore.Metadata;
using LayerStore.Tests.Support;
using Microsoft.Data.Sqlite;

namespace LayerStore.Tests.Metadata;

public sealed class DatabaseTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly string _path;

    public DatabaseTests() => _path = Path.Combine(_folder.Base, "metadata.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_database_has_the_newest_schema_and_only_its_owner_reads_it()
    {
        using var database = Database.OpenOrCreate(_path);
        Assert.Equal(Schema.Version, database.Read(transaction => transaction.Connection.Number("SELECT max(version) FROM schema_version")));
        Assert.Equal("wal", database.Read(transaction => transaction.Connection.Text("PRAGMA journal_mode")));
        foreach (var file in Directory.GetFiles(_folder.Base))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Closing_and_opening_again_keeps_what_was_written()
    {
        using (var database = Database.OpenOrCreate(_path))
            database.Write(transaction => SettingRecords.Set(transaction, "a", "1"), durable: true);
        using (var database = Database.OpenOrCreate(_path))
            Assert.Equal("1", new SettingRecords(database).Get("a"));
        using (var database = Database.Open(_path, readOnly: true))
            Assert.Equal("1", new SettingRecords(database).Get("a"));
    }

    [Fact]
    public void A_database_of_a_newer_program_is_refused()
    {
        using (var database = Database.OpenOrCreate(_path))
            database.Write(transaction => transaction.Connection.Execute("INSERT INTO schema_version VALUES ($1, 0)", Schema.Version + 1), durable: true);
        var error = Assert.Throws<StoreException>(() => Database.OpenOrCreate(_path));
        Assert.Equal(ErrorIds.StoreVersionUnsupported, error.ErrorId);
        Assert.Contains($"{Schema.Version + 1}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_damage()
    {
        File.WriteAllText(_path, new string('x', 5000));
        Assert.Equal(ErrorIds.StoreDamaged, Assert.Throws<StoreException>(() => Database.OpenOrCreate(_path)).ErrorId);
        Assert.Equal(ErrorIds.StoreDamaged, Assert.Throws<StoreException>(() => Database.Open(_path, readOnly: true)).ErrorId);
    }

    [Fact]
    public void A_database_of_another_program_is_left_alone()
    {
        using (var foreign = new SqliteConnection($"Data Source={_path};Pooling=False"))
        {
            foreign.Open();
            using var command = foreign.CreateCommand();
            command.CommandText = "CREATE TABLE theirs(x)";
            command.ExecuteNonQuery();
        }
        var before = File.ReadAllBytes(_path);
        Assert.Equal(ErrorIds.StoreDamaged, Assert.Throws<StoreException>(() => Database.OpenOrCreate(_path)).ErrorId);
        Assert.Equal(before, File.ReadAllBytes(_path));
    }

    [Fact]
    public void A_damaged_page_is_damage_and_not_a_crash()
    {
        using (var database = Database.OpenOrCreate(_path))
            database.Write(transaction =>
            {
                for (var i = 0; i < 2000; i++)
                    SettingRecords.Set(transaction, $"name {i}", new string('v', 100));
            }, durable: true);
        using (var plain = new SqliteConnection($"Data Source={_path};Pooling=False"))
        {
            plain.Open();
            using var command = plain.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }
        using (var file = File.OpenWrite(_path))
        {
            file.Position = 8192;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 8192).ToArray());
        }
        var error = Assert.Throws<StoreException>(() =>
        {
            using var database = Database.OpenOrCreate(_path);
            for (var i = 0; i < 2000; i++)
                _ = new SettingRecords(database).Get($"name {i}");
        });
        Assert.Equal(ErrorIds.StoreDamaged, error.ErrorId);
        Assert.NotEmpty(error.RecommendedAction);
    }

    [Fact]
    public void What_a_failed_write_did_is_undone_and_the_next_write_works()
    {
        using var database = Database.OpenOrCreate(_path);
        var settings = new SettingRecords(database);
        Assert.Throws<InvalidOperationException>(() => database.Write(transaction =>
        {
            SettingRecords.Set(transaction, "a", "1");
            throw new InvalidOperationException();
        }, durable: true));
        Assert.Null(settings.Get("a"));
        database.Write(transaction => SettingRecords.Set(transaction, "b", "2"), durable: false);
        Assert.Equal("2", settings.Get("b"));
    }

    [Fact]
    public void A_reader_neither_waits_for_a_writer_nor_sees_half_of_it()
    {
        using var database = Database.OpenOrCreate(_path);
        var settings = new SettingRecords(database);
        database.Write(transaction =>
        {
            SettingRecords.Set(transaction, "a", "1");
            Assert.Null(Task.Run(() => settings.Get("a")).Result);
        }, durable: true);
        Assert.Equal("1", settings.Get("a"));
    }

    [Fact]
    public void One_read_sees_one_moment()
    {
        using var database = Database.OpenOrCreate(_path);
        var settings = new SettingRecords(database);
        database.Read(transaction =>
        {
            Assert.Null(settings.Get("a", transaction));
            Task.Run(() => database.Write(other => SettingRecords.Set(other, "a", "1"), durable: false)).Wait();
            Assert.Null(settings.Get("a", transaction));
            return true;
        });
    }

    [Fact]
    public void Durable_writes_are_synced_and_others_are_not()
    {
        using var database = Database.OpenOrCreate(_path);
        foreach (var durable in new[] { true, false, true })
            Assert.Equal(durable ? 2 : 1, database.Write(transaction => transaction.Connection.Number("PRAGMA synchronous"), durable));
    }

    [Fact]
    public void What_is_opened_for_reading_cannot_be_written()
    {
        Database.OpenOrCreate(_path).Dispose();
        using var database = Database.Open(_path, readOnly: true);
        var error = Assert.Throws<StoreException>(() => database.Write(transaction => SettingRecords.Set(transaction, "a", "1"), durable: false));
        Assert.Equal(ErrorIds.PermissionDenied, error.ErrorId);
    }

    [Fact]
    public void A_writer_that_does_not_get_its_turn_says_that_the_store_is_busy()
    {
        using var first = Database.OpenOrCreate(_path);
        using var second = Database.Open(_path, readOnly: false, busyMilliseconds: 50);
        first.Write(
            _ => CompleteError.Of(ErrorIds.StoreBusy, StoreErrorKind.InUse, _path, _path, () => second.Write(transaction => SettingRecords.Set(transaction, "a", "1"), durable: false)), durable: false);
        second.Write(transaction => SettingRecords.Set(transaction, "a", "1"), durable: false);
    }

    [Fact]
    public void A_full_disk_says_so_and_leaves_what_was_there()
    {
        using var database = Database.OpenOrCreate(_path);
        database.Write(transaction => SettingRecords.Set(transaction, "a", "1"), durable: true);
        database.Write(transaction => transaction.Connection.Run($"PRAGMA max_page_count = {transaction.Connection.Number("PRAGMA page_count") + 2}"), durable: false);
        var error = Assert.Throws<StoreException>(() =>
            database.Write(transaction => SettingRecords.Set(transaction, "b", new string('b', 100_000)), durable: true));
        Assert.Equal(ErrorIds.DiskFull, error.ErrorId);
        Assert.Equal(StoreErrorKind.NoSpace, error.Kind);
        Assert.Equal("1", new SettingRecords(database).Get("a"));
        database.Write(transaction => SettingRecords.Set(transaction, "a", "2"), durable: true);
    }

    [Fact]
    public async Task Threads_with_connections_of_their_own_all_get_their_turn()
    {
        Database.OpenOrCreate(_path).Dispose();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            using var database = Database.OpenOrCreate(_path);
            for (var i = 0; i < 25; i++)
                database.Write(transaction => SettingRecords.Set(transaction, $"{writer}/{i}", "x"), durable: false);
        })));
        using var all = Database.OpenOrCreate(_path);
        Assert.Equal(100, all.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM settings")));
    }

    [Fact]
    public async Task Several_that_make_one_database_at_once_make_one()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            using var database = Database.OpenOrCreate(_path);
            database.Write(transaction => SettingRecords.Set(transaction, $"{i}", "x"), durable: false);
        })));
        using var all = Database.OpenOrCreate(_path);
        Assert.Equal(8, all.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM settings")));
        Assert.Equal(Schema.Version, all.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM schema_version")));
    }

    [Fact]
    public void A_database_of_the_first_version_is_brought_up_to_date_and_keeps_its_rows()
    {
        using (var old = Database.OpenOrCreate(_path))
        {
            old.Write(transaction =>
            {
                SettingRecords.Set(transaction, "kept", "x");
                transaction.Connection.Run("ALTER TABLE containers DROP COLUMN size_limit");
                transaction.Connection.Run("DROP INDEX layers_taken_over; ALTER TABLE layers DROP COLUMN taken_over; ALTER TABLE layers DROP COLUMN kept");
                transaction.Connection.Run("DROP TABLE container_mounts; DROP TABLE volume_labels; DROP TABLE volumes; DROP TABLE removed_layers");
                transaction.Connection.Run("DELETE FROM schema_version WHERE version > 1");
            }, durable: true);
        }
        using var database = Database.OpenOrCreate(_path);
        Assert.Equal(Schema.Version, database.Read(transaction => transaction.Connection.Number("SELECT max(version) FROM schema_version")));
        Assert.Equal(1, database.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM settings WHERE name = 'kept'")));
        Assert.Empty(new StoreMetadata(database).Containers.List());
    }
}
