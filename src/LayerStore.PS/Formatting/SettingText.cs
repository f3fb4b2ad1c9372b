using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using LayerStore.Configuration;

namespace LayerStore.PS.Formatting;

/// <summary>The texts of the views of settings; with the values of properties alone, so that objects of another session look the same.</summary>
public static class SettingText
{
    /// <summary>A value for people: sizes in Docker's way, lists one below the other; empty where there is none.</summary>
    public static string Value(object? value, object? type) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        long bytes when Is(type, SettingType.Size) => ByteSize.Format(bytes),
        string text => Printable.Escape(text),
        IEnumerable list => string.Join('\n', list.Cast<object?>().Select(item => DockerText.Text(item))),
        var plain => DockerText.Text(plain),
    };

    /// <summary>Who says so: file and line; on a narrow screen, whose file.</summary>
    public static string Origin(string? origin, object? source, int? line, PSHost? host) => line is null || !DockerText.IsNarrow(host)
        ? Printable.Escape(origin)
        : string.Create(CultureInfo.InvariantCulture, $"{LanguagePrimitives.ConvertTo<SettingSource>(source)}:{line}");

    /// <summary><c>layerstore.yaml:3:7</c>, as compilers and editors write it.</summary>
    public static string Place(string? path, int line, int column) =>
        string.Create(CultureInfo.InvariantCulture, $"{(string.IsNullOrEmpty(path) ? "text" : Printable.Escape(path))}:{line}:{column}");

    /// <summary>What is wrong, and what was expected.</summary>
    public static string Problem(string? message, string? expected) => $"{message} Expected {expected}.";

    /// <summary>Of another session an enumeration comes as a number or a text.</summary>
    private static bool Is(object? type, SettingType wanted) => LanguagePrimitives.TryConvertTo<SettingType>(type, out var known) && known == wanted;
}
