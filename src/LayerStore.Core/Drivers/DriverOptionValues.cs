using System.Globalization;

namespace LayerStore.Drivers;

/// <summary>A driver's options with their types: what the user gave, where not the defaults. All are checked at once, so that a mistake is told before anything is made.</summary>
internal sealed class DriverOptionValues
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _given;

    /// <summary>Checks and reads them.</summary>
    /// <param name="driver">The driver's name.</param>
    /// <param name="known">The options that it takes.</param>
    /// <param name="options">What the user gave.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverOptionInvalid"/> naming the option and what it takes.</exception>
    public DriverOptionValues(string driver, IReadOnlyList<DriverOption> known, DriverOptions options)
    {
        if (options.Keys.FirstOrDefault(name => !known.Any(option => option.IsMeantBy(name))) is { } unknown)
            throw OptionErrors.Unknown(driver, unknown, known);
        foreach (var option in known)
        {
            if (options.GetValueOrDefault(option.Name) is { } text)
                _values[option.Name] = Parse(option, text) ?? throw OptionErrors.Invalid(driver, option with { Name = options.Keys.First(option.IsMeantBy) }, text);
            else if (option.Default is { } standard)
                _values[option.Name] = Parse(option, standard) ?? throw new ArgumentException($"The default of {option.Name} is no value for it.", nameof(known));
        }
        _given = new HashSet<string>(options.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>True where the user gave it.</summary>
    public bool IsGiven(string name) => _given.Contains(name);

    /// <summary>Bytes; null where the option has neither value nor default.</summary>
    public long? Size(string name) => Value<long>(name);

    /// <summary>A percentage; null as above.</summary>
    public int? Percentage(string name) => (int?)Value<long>(name);

    /// <summary>A number; null as above.</summary>
    public long? Number(string name) => Value<long>(name);

    /// <summary>A boolean; null as above.</summary>
    public bool? Boolean(string name) => Value<bool>(name);

    /// <summary>A text or a choice; null as above.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name) as string;

    private T? Value<T>(string name) where T : struct => _values.TryGetValue(name, out var value) ? (T)value : null;

    private static object? Parse(DriverOption option, string text)
    {
        switch (option.Type)
        {
            case DriverOptionType.Boolean:
                // Go's strconv.ParseBool, which Docker reads its options with.
                return text switch
                {
                    "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
                    "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
                    _ => null,
                };
            case DriverOptionType.Choice:
                return option.Values.Contains(text) ? text : null;
            case DriverOptionType.Text:
                return text.Length > 0 ? text : null;
            case DriverOptionType.Size:
                return ByteSize.TryParseBinary(text, out var bytes) ? InRange(bytes) : null;
            case DriverOptionType.Percentage:
                return Whole(text.EndsWith('%') ? text.AsSpan(..^1) : text) is { } percent and <= 100 ? InRange(percent) : null;
            default:
                return Whole(text) is { } number ? InRange(number) : null;
        }

        object? InRange(long value) => value >= option.Minimum && value <= option.Maximum ? value : null;
    }

    private static long? Whole(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
