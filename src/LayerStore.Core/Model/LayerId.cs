using System.Security.Cryptography;

namespace LayerStore;

/// <summary>
/// The name of a layer inside one store: 64 lower-case hexadecimal digits, random. It names the driver's directory and is
/// no digest of anything: two imports of one layer have two ids until one of them is committed under its chain id.
/// </summary>
public readonly record struct LayerId
{
    private readonly string? _value;

    private LayerId(string value) => _value = value;

    /// <summary>The 64 digits.</summary>
    public string Value => _value ?? throw new InvalidOperationException("This layer id was never set.");

    /// <summary>True where the value was never set.</summary>
    public bool IsEmpty => _value is null;

    /// <summary>A new random id.</summary>
    public static LayerId New() => new(RandomNumberGenerator.GetHexString(64, lowercase: true));

    /// <summary>True where <paramref name="text"/> is 64 lower-case hexadecimal digits, and so safe as a file name.</summary>
    public static bool TryParse(string? text, out LayerId id)
    {
        var ok = text is { Length: 64 } && Hexadecimal.IsLower(text);
        id = ok ? new LayerId(text!) : default;
        return ok;
    }

    /// <summary>Parses an id that this store wrote itself.</summary>
    /// <exception cref="FormatException">The text is no layer id.</exception>
    public static LayerId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{Printable.Escape(text)}' is not a layer id.");

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
