using System.Collections;
using System.Globalization;
using System.Management.Automation;
using LayerStore.Archives;

namespace LayerStore.PS;

/// <summary>The hashtable of <c>Import-ContainerImage -Limit</c>.</summary>
internal static class Limits
{
    private static readonly string[] Names =
    [
        nameof(ExtractionLimits.MaxLayerBytes), nameof(ExtractionLimits.MaxFileBytes), nameof(ExtractionLimits.MaxEntries),
        nameof(ExtractionLimits.MaxPathBytes), nameof(ExtractionLimits.MaxPathDepth), nameof(ExtractionLimits.MaxPaxHeaderBytes),
        nameof(ExtractionLimits.MaxXattrBytes), nameof(ExtractionLimits.MaxSparseSegments), nameof(ExtractionLimits.MaxCompressionRatio),
        nameof(ExtractionLimits.MaxRememberedBytes),
    ];

    /// <summary>The limits of a table; of <paramref name="others"/> where it says nothing.</summary>
    internal static ExtractionLimits From(Hashtable? table, ExtractionLimits others)
    {
        var limits = others;
        foreach (DictionaryEntry entry in table ?? [])
        {
            var key = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            var name = Array.Find(Names, name => name.Equals(key, StringComparison.OrdinalIgnoreCase))
                ?? throw Invalid(key, $"There is no limit '{Printable.Escape(key)}'.", $"Choose from {string.Join(", ", Names)}.");
            limits = With(limits, name, Number(key, entry.Value));
        }
        return limits;
    }

    private static ExtractionLimits With(ExtractionLimits limits, string name, long value) => name switch
    {
        nameof(ExtractionLimits.MaxLayerBytes) => limits with { MaxLayerBytes = value },
        nameof(ExtractionLimits.MaxFileBytes) => limits with { MaxFileBytes = value },
        nameof(ExtractionLimits.MaxEntries) => limits with { MaxEntries = value },
        nameof(ExtractionLimits.MaxPathBytes) => limits with { MaxPathBytes = Int(name, value) },
        nameof(ExtractionLimits.MaxPathDepth) => limits with { MaxPathDepth = Int(name, value) },
        nameof(ExtractionLimits.MaxPaxHeaderBytes) => limits with { MaxPaxHeaderBytes = Int(name, value) },
        nameof(ExtractionLimits.MaxXattrBytes) => limits with { MaxXattrBytes = Int(name, value) },
        nameof(ExtractionLimits.MaxCompressionRatio) => limits with { MaxCompressionRatio = value },
        nameof(ExtractionLimits.MaxRememberedBytes) => limits with { MaxRememberedBytes = value },
        _ => limits with { MaxSparseSegments = Int(name, value) },
    };

    private static int Int(string name, long value) =>
        value <= int.MaxValue ? (int)value : throw Invalid(name, $"{value} is too much for {name}.", $"Give at most {int.MaxValue}.");

    private static long Number(string name, object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        var parsed = plain is string text ? ByteSize.TryParse(text, out var bytes) ? bytes : (long?)null
            : LanguagePrimitives.TryConvertTo<long>(plain, CultureInfo.InvariantCulture, out var number) ? number : null;
        return parsed > 0 ? parsed.Value : throw Invalid(
            name, $"'{Printable.Escape(Convert.ToString(plain, CultureInfo.InvariantCulture))}' is no value for the limit {name}.",
            "Give a positive whole number, or a size such as '100GB'.");
    }

    private static StoreException Invalid(string target, string message, string remedy) =>
        new(ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, target, message, remedy);
}
