using System.Collections;
using System.Management.Automation;
using System.Text;

namespace LayerStore.PS.Formatting;

/// <summary>The texts of the views of storage drivers; from values of properties alone, as <see cref="DockerText"/>.</summary>
public static class DriverText
{
    /// <summary>A truth that is read down a column.</summary>
    public static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>Several words in one cell.</summary>
    public static string Join(object? words) => string.Join(", ", Items(words).Select(DockerText.Text));

    /// <summary>The names of several things in one cell.</summary>
    public static string Names(object? things) => string.Join(", ", Items(things).Select(thing => Value(PSObject.AsPSObject(thing), "Name")));

    /// <summary>Sentences, a line each.</summary>
    public static string Lines(object? sentences) => string.Join("\n", Items(sentences).Select(DockerText.Text));

    /// <summary>What speaks for something, and then what speaks against it.</summary>
    public static string ForAndAgainst(object? reasons, object? caveats) =>
        string.Join("\n", Items(reasons).Select(reason => "+ " + DockerText.Text(reason)).Concat(Items(caveats).Select(caveat => "- " + DockerText.Text(caveat))));

    /// <summary>A time that was measured, as <c>12.3 ms</c>.</summary>
    public static string Time(TimeSpan time) => ShortDuration.Format(time);

    /// <summary>Bytes per second as <c>1.98MB/s</c>; empty where there are none.</summary>
    public static string Rate(double? bytesPerSecond) => bytesPerSecond is { } rate ? ByteSize.Format((long)rate) + "/s" : "";

    /// <summary>The lines that follow those of <c>docker info</c> where details were asked for; each begins a new line.</summary>
    public static string Details(object? features, long? layerBytes, long? keptBlobBytes, long? allocatedBytes, long? diskTotal, long? diskAvailable)
    {
        var text = new StringBuilder();
        Line("Features", Join(features));
        Line("Layer Bytes", DockerText.Size(layerBytes));
        Line("Kept Blobs", keptBlobBytes > 0 ? DockerText.Size(keptBlobBytes) : "");
        Line("Allocated To Containers", DockerText.Size(allocatedBytes));
        Line("Disk", diskTotal is null ? "" : $"{DockerText.Size(diskAvailable)} of {DockerText.Size(diskTotal)} available");
        return text.ToString();

        void Line(string name, string value)
        {
            if (value.Length > 0)
                text.Append('\n').Append(name).Append(": ").Append(value);
        }
    }

    /// <summary>What came back from a check, and what to do about it.</summary>
    public static string Detail(string? detail, string? remedy) =>
        DockerText.Plain(string.IsNullOrEmpty(remedy) ? detail : $"{detail?.TrimEnd('.')}. {remedy}");

    /// <summary>The checks of a driver, a line each.</summary>
    public static string Checks(object? checks)
    {
        var text = new StringBuilder();
        foreach (var item in Items(checks))
        {
            var check = PSObject.AsPSObject(item);
            var mark = Is(check, "Passed") ? "passed" : Is(check, "Required") ? "FAILED" : "failed";
            text.Append(text.Length == 0 ? "" : "\n").Append(mark).Append("  ").Append(Value(check, "Name")).Append(": ")
                .Append(Detail(Value(check, "Evidence"), Value(check, "Remedy")));
        }
        return text.ToString();
    }

    private static bool Is(PSObject item, string property) => LanguagePrimitives.IsTrue(item.Properties[property]?.Value);

    private static string Value(PSObject item, string property) => DockerText.Text(item.Properties[property]?.Value);

    /// <summary>A list of this session or, deserialized, of another.</summary>
    private static IEnumerable<object> Items(object? list) =>
        (list is PSObject wrapped ? wrapped.BaseObject : list) is IEnumerable items and not string ? items.Cast<object>() : [];
}
