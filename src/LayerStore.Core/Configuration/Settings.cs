using System.Globalization;
using LayerStore.Archives;
using YamlDotNet.Core;

namespace LayerStore.Configuration;

/// <summary>Every setting that there is: reading and changing go by this one list.</summary>
public static class Settings
{
    /// <summary>The settings, in the order in which a file is written.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("root", SettingType.Path, "The store's root directory where -Root and $env:LAYERSTORE_ROOT name none."),
        new("driver", SettingType.Driver, "The storage driver of new stores; without it the best that works."),
        new("driverOptions.*", SettingType.DriverOption, "An option of new stores' drivers, by Docker's name, such as overlay2.size."),
        new("registries.*.mirrors", SettingType.Addresses, "Addresses to ask before the registry itself, in order."),
        new("registries.*.insecure", SettingType.Boolean, "Speak plain HTTP to it, or to a server whose certificate nobody vouches for."),
        new("registries.*.certificateAuthority", SettingType.Path, "A PEM file with the certificate authorities that are trusted for it."),
        Limit(nameof(ExtractionLimits.MaxLayerBytes), ExtractionLimits.Default.MaxLayerBytes, SettingType.Size, "Bytes of one uncompressed layer."),
        Limit(nameof(ExtractionLimits.MaxFileBytes), ExtractionLimits.Default.MaxFileBytes, SettingType.Size, "Length of one file."),
        Limit(nameof(ExtractionLimits.MaxEntries), ExtractionLimits.Default.MaxEntries, SettingType.Count, "Entries of one layer."),
        Limit(nameof(ExtractionLimits.MaxPathBytes), ExtractionLimits.Default.MaxPathBytes, SettingType.Count, "Bytes of one path or link target."),
        Limit(nameof(ExtractionLimits.MaxPathDepth), ExtractionLimits.Default.MaxPathDepth, SettingType.Count, "Directories above one entry."),
        Limit(nameof(ExtractionLimits.MaxPaxHeaderBytes), ExtractionLimits.Default.MaxPaxHeaderBytes, SettingType.Size, "Bytes of one PAX header or GNU long name."),
        Limit(nameof(ExtractionLimits.MaxXattrBytes), ExtractionLimits.Default.MaxXattrBytes, SettingType.Size, "Bytes of one extended attribute's value."),
        Limit(nameof(ExtractionLimits.MaxSparseSegments), ExtractionLimits.Default.MaxSparseSegments, SettingType.Count, "Segments of one sparse file."),
        Limit(nameof(ExtractionLimits.MaxCompressionRatio), ExtractionLimits.Default.MaxCompressionRatio, SettingType.Count, "How many times larger than its compressed bytes a layer may become."),
        Limit(nameof(ExtractionLimits.MaxRememberedBytes), ExtractionLimits.Default.MaxRememberedBytes, SettingType.Size, "Bytes of paths that are remembered until a layer's parent is there."),
    ];

    /// <summary>The setting that a name from the top means, <c>driverOptions.overlay2.size</c>; null where there is none.</summary>
    public static Setting? Resolve(string name) => Split(name) is { } parts ? Find(parts) : null;

    /// <summary>A setting that nobody says and that nothing is built in for, to be shown.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/> where there is no such setting.</exception>
    public static StorageSetting Unset(string name) => Describe(Split(name) ?? throw Unknown(name), null, SettingSource.Default);

    /// <summary>The error of a name that no setting has.</summary>
    internal static StoreException Unknown(string name) => new(
        ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidArgument, name, $"There is no setting '{Printable.Escape(name)}'.",
        $"Choose from {string.Join(", ", All.Select(setting => setting.Name))}.");

    /// <summary>The setting that a name from the top, in parts, means; null where there is none.</summary>
    internal static Setting? Find(IReadOnlyList<string> parts) => All.FirstOrDefault(setting =>
    {
        var pattern = setting.Name.Split('.');
        return pattern.Length == parts.Count && pattern.Zip(parts).All(pair => pair.First == "*" || pair.First == pair.Second);
    });

    /// <summary>The parts of a name such as <c>driverOptions.overlay2.size</c>: what the user chooses may have dots itself. Null where no setting is meant.</summary>
    internal static IReadOnlyList<string>? Split(string name)
    {
        foreach (var pattern in All.Select(setting => setting.Name.Split('.')))
        {
            var star = Array.IndexOf(pattern, "*");
            if (star < 0)
            {
                if (string.Join('.', pattern).Equals(name, StringComparison.OrdinalIgnoreCase))
                    return pattern;
                continue;
            }
            var (before, after) = (string.Join('.', pattern[..star]) + ".", star + 1 < pattern.Length ? "." + string.Join('.', pattern[(star + 1)..]) : "");
            if (name.Length > before.Length + after.Length && name.StartsWith(before, StringComparison.OrdinalIgnoreCase) && name.EndsWith(after, StringComparison.OrdinalIgnoreCase))
                return [.. pattern[..star], name[before.Length..(name.Length - after.Length)], .. pattern[(star + 1)..]];
        }
        return null;
    }

    /// <summary>What may stand at a place, for errors: the names of the next level.</summary>
    internal static IReadOnlyList<string> NamesBelow(IReadOnlyList<string> parts) =>
    [
        .. All.Select(setting => setting.Name.Split('.'))
            .Where(pattern => pattern.Length > parts.Count && pattern.Zip(parts).All(pair => pair.First == "*" || pair.First == pair.Second))
            .Select(pattern => pattern[parts.Count]).Distinct(),
    ];

    /// <summary>A setting with a value, to be shown.</summary>
    /// <param name="parts">Its name from the top, in parts.</param>
    /// <param name="value">Its value.</param>
    /// <param name="source">Who says so.</param>
    /// <param name="path">The file that says so.</param>
    /// <param name="place">Where in the file.</param>
    internal static StorageSetting Describe(IReadOnlyList<string> parts, object? value, SettingSource source, string? path = null, Mark? place = null)
    {
        var setting = Find(parts)!;
        return new StorageSetting
        {
            Name = string.Join('.', parts),
            Value = value is IReadOnlyList<string> list ? list.ToArray() : value,
            Type = setting.Type,
            Source = source,
            Origin = path is null ? "default" : string.Create(CultureInfo.InvariantCulture, $"{path}:{place!.Value.Line}"),
            Path = path,
            Line = (int?)place?.Line,
            Column = (int?)place?.Column,
            Description = setting.Description,
            Expected = setting.Expected,
        };
    }

    private static Setting Limit(string name, long standard, SettingType type, string description) =>
        new($"limits.{char.ToLowerInvariant(name[0])}{name[1..]}", type, description) { Default = standard.ToString(CultureInfo.InvariantCulture) };
}
