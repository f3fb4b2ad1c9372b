using System.Globalization;
using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>Lets a duration be written as <c>90m</c>, <c>24h</c>, <c>7d</c> or <c>2w</c>, as Docker's <c>until=24h</c>; a number alone would mean ticks to PowerShell, and is refused.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Expected = "write 90m, 24h, 7d, 1h30m, or a [timespan]";

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return input switch
        {
            null or TimeSpan => input,
            string text => Parse(text),
            // What is typed as 7d is a decimal number to PowerShell, and 90s a short one; as they were typed they are durations.
            decimal or short => Parse(inputData!.ToString() ?? ""),
            _ => throw Invalid(Convert.ToString(input, CultureInfo.InvariantCulture) ?? ""),
        };
    }

    private static TimeSpan Parse(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time))
            return time;
        double total = 0;
        var rest = text.AsSpan().Trim();
        while (rest.Length > 0)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
                digits++;
            if (digits == rest.Length || SecondsOf(rest[digits]) is not { } seconds || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                throw Invalid(text);
            total += number * seconds;
            rest = rest[(digits + 1)..];
        }
        return text.Length > 0 && total <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(total) : throw Invalid(text);
    }

    private static double? SecondsOf(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        'w' => 7 * 86400,
        _ => null,
    };

    private static ArgumentTransformationMetadataException Invalid(string text) => new($"'{Printable.Escape(text)}' is no duration: {Expected}.");
}
