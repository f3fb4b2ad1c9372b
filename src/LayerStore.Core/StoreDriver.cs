using System.Text.Json;
using LayerStore.Drivers;
using LayerStore.Metadata;

namespace LayerStore;

/// <summary>A store's driver and its options, as the database remembers them.</summary>
/// <param name="Name">Docker's name of the driver.</param>
/// <param name="Options">By Docker's names.</param>
internal sealed record StoreDriver(string Name, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>A driver with options that it takes, each by the name that the driver has for it.</summary>
    public static StoreDriver Of(IStorageDriverFactory factory, DriverOptions options) =>
        new(factory.Name, options.ToDictionary(option => factory.Options.First(known => known.IsMeantBy(option.Key)).Name, option => option.Value));

    /// <summary>What the store was made with; null where that is not written down yet.</summary>
    public static StoreDriver? Load(StoreMetadata metadata, MetadataTransaction? transaction = null)
    {
        var name = metadata.Settings.Get(SettingRecords.Driver, transaction);
        return name is null
            ? null
            : new StoreDriver(name, Parse(metadata.Settings.Get(SettingRecords.DriverOptions, transaction)));
    }

    /// <summary>Writes it down for good.</summary>
    public void Save(MetadataTransaction transaction)
    {
        SettingRecords.Set(transaction, SettingRecords.Driver, Name);
        SettingRecords.Set(transaction, SettingRecords.DriverOptions,
            JsonSerializer.Serialize(new SortedDictionary<string, string>(Options.ToDictionary(), StringComparer.Ordinal), StoreDriverJson.Default.SortedDictionaryStringString));
        SettingRecords.Set(transaction, SettingRecords.Created, DateTime.UtcNow.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Refuses a request that contradicts what the store was made with.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverMismatch"/>.</exception>
    public void RefuseOther(string root, string? driver, DriverOptions? options)
    {
        if (driver is not null && driver != Name)
            throw new StoreException(ErrorIds.DriverMismatch, StoreErrorKind.InvalidArgument, driver,
                $"The store '{Printable.Escape(root)}' was made with the driver {Name} and cannot be opened with {Printable.Escape(driver)}: its layers are stored in {Name}'s way.",
                $"Leave the driver out or say {Name}; for {Printable.Escape(driver)}, choose another root and import the images there.");
        if (options is not null && (options.Count != Options.Count || Options.Any(option => options.GetValueOrDefault(option.Key) != option.Value)))
            throw new StoreException(ErrorIds.DriverMismatch, StoreErrorKind.InvalidArgument, string.Join(", ", options.Select(option => $"{option.Key}={option.Value}")),
                $"The store '{Printable.Escape(root)}' was made with {(Options.Count == 0 ? "no driver options" : "the driver options " + string.Join(", ", Options.Select(option => $"{option.Key}={option.Value}")))} and cannot be opened with others.",
                "Leave the options out, or make a new store at another root.");
    }

    /// <summary>The options as a driver takes them.</summary>
    public DriverOptions ToDriverOptions()
    {
        var options = new DriverOptions();
        foreach (var (name, value) in Options)
            options[name] = value;
        return options;
    }

    private static IReadOnlyDictionary<string, string> Parse(string? json) => json is null
        ? new Dictionary<string, string>()
        : JsonSerializer.Deserialize(json, StoreDriverJson.Default.SortedDictionaryStringString)!;
}

/// <summary>Serialization that is made at compile time: no reflection at run time.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class StoreDriverJson : System.Text.Json.Serialization.JsonSerializerContext;
