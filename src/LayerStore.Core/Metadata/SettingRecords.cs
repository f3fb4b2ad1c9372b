namespace LayerStore.Metadata;

/// <summary>What the store remembers of itself: its driver, the driver's options, when it was made.</summary>
internal sealed class SettingRecords(Database database)
{
    public const string Driver = "driver", DriverOptions = "driver-options", Created = "created", BootId = "boot-id";

    public string? Get(string name, MetadataTransaction? transaction = null) => database.Run(transaction, connection =>
        connection.Text("SELECT value FROM settings WHERE name = $1", name));

    public static void Set(MetadataTransaction transaction, string name, string value) =>
        transaction.Connection.Execute(
            "INSERT INTO settings(name, value) VALUES ($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", name, value);
}
