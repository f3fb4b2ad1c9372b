using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using LayerStore.Drivers;

namespace LayerStore.PS.Formatting;

/// <summary>
/// The texts of the views: what Docker's command line prints for the same values, in any culture. The views call it with the values of
/// properties alone, so that objects that come from another session look the same.
/// </summary>
public static class DockerText
{
    private const int ShortIdLength = 12;
    private const int CommandWidth = 20;
    private const int NarrowCommandWidth = 5;
    private const int NarrowScreen = 100;
    private const int CreatedByWidth = 45;
    private const int NarrowCreatedByWidth = 30;

    /// <summary>The first 12 digits of an id, without its algorithm.</summary>
    public static string ShortId(string? id)
    {
        var hex = id is null ? "" : id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return hex.Length > ShortIdLength && !hex.StartsWith('<') ? hex[..ShortIdLength] : hex;
    }

    /// <summary>Bytes as <c>1.98MB</c>; empty where nobody measured.</summary>
    public static string Size(long? bytes) => bytes is { } size ? ByteSize.Format(size) : "";

    /// <summary>Bytes as <c>docker system df</c> writes them, with four digits.</summary>
    public static string UsageSize(long bytes) => ByteSize.FormatWithFourDigits(bytes);

    /// <summary>The column RECLAIMABLE: <c>1.982MB (50%)</c>; of nothing no part is told.</summary>
    public static string Reclaimable(long reclaimable, long size) =>
        size > 0 ? string.Create(CultureInfo.InvariantCulture, $"{UsageSize(reclaimable)} ({(long)(reclaimable * 100m / size)}%)") : UsageSize(reclaimable);

    /// <summary>The column SIZE of <c>docker ps -s</c>.</summary>
    public static string SizeWithVirtual(long? sizeRw, long? sizeRootFs) =>
        sizeRw is { } size ? ByteSize.FormatWithVirtual(size, sizeRootFs ?? size) : "";

    /// <summary>The same as the last of many columns: on a narrow screen one word a line, since PowerShell would break it anywhere.</summary>
    public static string SizeWithVirtual(long? sizeRw, long? sizeRootFs, PSHost? host)
    {
        var text = SizeWithVirtual(sizeRw, sizeRootFs);
        return IsNarrow(host) ? text.Replace(' ', '\n') : text;
    }

    /// <summary><c>3 weeks ago</c>; <c>N/A</c> where nobody knows.</summary>
    public static string Age(DateTime? created) => Age(created, DateTime.UtcNow);

    /// <summary>The same; on a narrow screen without its last word, which every row has.</summary>
    public static string Age(DateTime? created, PSHost? host) => IsNarrow(host) ? Age(created).Replace(" ago", "", StringComparison.Ordinal) : Age(created);

    internal static string Age(DateTime? created, DateTime now) =>
        created is { } time ? HumanDuration.Format(now - time.ToUniversalTime()) + " ago" : "N/A";

    /// <summary>The image's name; what stands there where a container has no image.</summary>
    public static string ImageName(string? image) => string.IsNullOrEmpty(image) ? "<none>" : Printable.Escape(image);

    /// <summary>The state; with the number of mounts where there are several.</summary>
    public static string Status(string? state, int mountCount) =>
        mountCount > 1 ? string.Create(CultureInfo.InvariantCulture, $"{state} ({mountCount})") : state ?? "";

    /// <summary>
    /// The column COMMAND: at most 20 columns wide, in double quotes as Go writes them. On a narrow screen it gives its room to the columns at
    /// its right, which PowerShell would leave out.
    /// </summary>
    public static string Command(string? command, PSHost? host) =>
        GoText.Quote(GoText.Ellipsis(command ?? "", IsNarrow(host) ? NarrowCommandWidth : CommandWidth));

    /// <summary>The column CREATED BY: at most 45 columns wide.</summary>
    public static string CreatedBy(string? createdBy, PSHost? host) =>
        Printable.Escape(GoText.Ellipsis((createdBy ?? "").Replace('\t', ' '), IsNarrow(host) ? NarrowCreatedByWidth : CreatedByWidth));

    /// <summary>How a container is mounted, as in /proc/mounts.</summary>
    public static string Mode(bool readOnly) => readOnly ? "ro" : "rw";

    /// <summary>Text of an archive that may go to a terminal.</summary>
    public static string Plain(string? text) => Printable.Escape(text);

    /// <summary>How many there are.</summary>
    public static int Count(object? list) => (list is PSObject wrapped ? wrapped.BaseObject : list) is IEnumerable items and not string ? items.Cast<object>().Count() : 0;

    /// <summary>Labels as <c>a=1,b=2</c>.</summary>
    public static string Labels(object? labels) =>
        string.Join(",", Entries(labels).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={Text(label.Value)}"));

    /// <summary>The lines of <c>docker info</c> that are about storage.</summary>
    public static string Info(
        string? root, string? driver, object? status, object? options, int containers, int mounted, int images, int layers,
        bool initialized, object? warnings) =>
        InfoText.Format(root, driver, Entries(status), Entries(options), (containers, mounted, images, layers), initialized, warnings as IEnumerable);

    internal static string Text(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        _ => Printable.Escape(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    /// <summary>True where many columns do not fit.</summary>
    /// <remarks>
    /// The host's width decides, also where <c>Out-String -Width</c> or <c>Out-File -Width</c> asks for another: PowerShell makes a cell's text before it lays out lines, and shows a view's script blocks
    /// neither the command that asked nor its parameters ($MyInvocation, $PSCmdlet and the call stack know nothing of it).
    /// </remarks>
    internal static bool IsNarrow(PSHost? host) => ScreenWidth(host) < NarrowScreen;

    private static int ScreenWidth(PSHost? host)
    {
        try
        {
            return host?.UI?.RawUI?.BufferSize.Width is { } width and > 0 ? width : int.MaxValue;
        }
        catch (Exception exception) when (exception is HostException or NotSupportedException or NotImplementedException or InvalidOperationException)
        {
            // Jobs and services have no screen.
            return int.MaxValue;
        }
    }

    /// <summary>A dictionary of this session or, deserialized, of another.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Entries(object? dictionary)
    {
        if ((dictionary is PSObject wrapped ? wrapped.BaseObject : dictionary) is not IDictionary entries)
            yield break;
        foreach (DictionaryEntry entry in entries)
            yield return new(Text(entry.Key), entry.Value is PSObject value ? value.BaseObject : entry.Value);
    }

    /// <summary><c>docker diff</c>'s letter for a change; also of an object from another session, whose kind is a text or a number.</summary>
    public static string ChangeLetter(object? kind) => Enum.TryParse<ChangeKind>(kind?.ToString(), out var known) && Enum.IsDefined(known)
        ? ContainerChange.Letter(known).ToString()
        : Plain(kind?.ToString());
}
