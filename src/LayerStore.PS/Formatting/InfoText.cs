using System.Collections;
using System.Globalization;
using System.Text;

namespace LayerStore.PS.Formatting;

/// <summary>Writes what Get-StorageInfo shows: <c>docker info</c>'s storage lines in Docker's order.</summary>
internal static class InfoText
{
    // A dictionary that went through serialization has lost its order. No driver of Docker's has these in another one.
    private static readonly string[] StatusOrder =
    [
        "Pool Name", "Pool Blocksize", "Base Device Size", "Root Dir", "Zpool", "Zpool Health", "Parent Dataset", "Space Used By Parent", "Space Available", "Parent Quota",
        "Compression", "Backing Filesystem", "Udev Sync Supported", "Data file", "Metadata file", "Data loop file", "Metadata loop file", "Data Space Used", "Data Space Total",
        "Data Space Available", "Metadata Space Used", "Metadata Space Total", "Metadata Space Available", "Thin Pool Minimum Free Space", "Deferred Removal Enabled",
        "Deferred Deletion Enabled", "Deferred Deleted Device Count", "Library Version", "Dirs", "Dirperm1 Supported", "Supports d_type", "Supports volatile", "Using metacopy",
        "Native Overlay Diff", "userxattr",
    ];

    internal static string Format(
        string? root, string? driver, IEnumerable<KeyValuePair<string, object?>> status, IEnumerable<KeyValuePair<string, object?>> options,
        (int Containers, int Mounted, int Images, int Layers) counts, bool initialized, IEnumerable? warnings)
    {
        var text = new StringBuilder();
        Line(text, 0, "Containers", counts.Containers);
        Line(text, 1, "Mounted", counts.Mounted);
        Line(text, 0, "Images", counts.Images);
        Line(text, 0, "Layers", counts.Layers);
        Line(text, 0, "Storage Driver", driver);
        foreach (var line in status.OrderBy(line => Rank(line.Key)).ThenBy(line => line.Key, StringComparer.Ordinal))
            Line(text, 1, line.Key, line.Value is long bytes && IsSize(line.Key) ? ByteSize.FormatWithFourDigits(bytes) : line.Value);
        foreach (var option in options.OrderBy(option => option.Key, StringComparer.Ordinal))
            Line(text, 1, option.Key, option.Value);
        Line(text, 0, "Root", initialized ? root : $"{root} (no store yet)");
        foreach (var warning in warnings ?? Array.Empty<string>())
            text.Append('\n').Append("WARNING: ").Append(DockerText.Text(warning));
        return text.ToString();
    }

    private static int Rank(string name) => Array.IndexOf(StatusOrder, name) is var index and >= 0 ? index : StatusOrder.Length;

    // The other numbers are counts.
    private static bool IsSize(string name) => name.Split(' ').Any(word => word is "Space" or "Size" or "Blocksize" or "Quota");

    private static void Line(StringBuilder text, int indent, string name, object? value)
    {
        if (text.Length > 0)
            text.Append('\n');
        text.Append(' ', indent).Append(CultureInfo.InvariantCulture, $"{name}: {DockerText.Text(value)}");
    }
}
