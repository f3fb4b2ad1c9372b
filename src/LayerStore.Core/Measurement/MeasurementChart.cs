using System.Globalization;
using System.Text;
using System.Xml;

namespace LayerStore.Measurement;

/// <summary>Draws measurements as an SVG picture: a panel for each workload, with a bar for each driver's median and a whisker to its 95th percentile.</summary>
public static class MeasurementChart
{
    private const string Svg = "http://www.w3.org/2000/svg";
    private const string Ink = "#222222", Faint = "#d5d5d5", Grey = "#666666";
    private const int Margin = 24, PanelWidth = 540, Gap = 36, Columns = 2;
    private const int LabelWidth = 100, ValueWidth = 76, BarHeight = 16, BarPitch = 22, TitleHeight = 30, AxisHeight = 44, HeaderHeight = 64;

    // Told apart also by those who see no red or no green (Okabe and Ito's colours).
    private static readonly string[] s_colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"];

    /// <summary>Writes the picture.</summary>
    /// <param name="rows">The measurements; in each panel in the order in which drivers appear first.</param>
    /// <param name="output">Where the picture goes, in UTF-8.</param>
    public static void Write(IReadOnlyList<DriverMeasurement> rows, Stream output)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(output);
        string[] drivers = [.. rows.Select(row => row.Driver).Distinct()];
        var panels = rows.GroupBy(row => row.Workload).OrderBy(panel => panel.Key).ToArray();
        var panelHeight = TitleHeight + drivers.Length * BarPitch + AxisHeight;
        var lines = (panels.Length + Columns - 1) / Columns;
        var width = 2 * Margin + Columns * PanelWidth + (Columns - 1) * Gap;
        var height = HeaderHeight + lines * panelHeight + Margin;
        using var writer = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), CloseOutput = false });
        writer.WriteStartElement("svg", Svg);
        Attributes(writer, ("width", width), ("height", height), ("viewBox", $"0 0 {width} {height}"), ("font-family", "sans-serif"), ("font-size", 12), ("role", "img"));
        writer.WriteElementString("title", Svg, "Times of storage drivers");
        Rectangle(writer, 0, 0, width, height, "#ffffff");
        Header(writer, rows, drivers);
        for (var i = 0; i < panels.Length; i++)
            Panel(writer, [.. panels[i]], drivers, Margin + i % Columns * (PanelWidth + Gap), HeaderHeight + i / Columns * panelHeight);
        writer.WriteEndElement();
    }

    private static void Header(XmlWriter writer, IReadOnlyList<DriverMeasurement> rows, string[] drivers)
    {
        var places = rows.Select(row => $"{row.FileSystem} at {Printable.Escape(row.Path)}").Distinct();
        Text(writer, Margin, 24, $"Storage drivers on {string.Join(", ", places)}: shorter is better", Ink, size: 16);
        double x = Margin;
        for (var i = 0; i < drivers.Length; i++)
        {
            Rectangle(writer, x, 38, 12, 12, Colour(i));
            Text(writer, x + 18, 48, drivers[i], Ink);
            x += 30 + 8 * drivers[i].Length;
        }
        Text(writer, x + 8, 48, "bar: median, line: 95th percentile", Grey);
    }

    private static void Panel(XmlWriter writer, DriverMeasurement[] rows, string[] drivers, double x, double y)
    {
        var axis = new TimeAxis(rows.Max(row => row.P95 > row.Median ? row.P95 : row.Median));
        var left = x + LabelWidth;
        var length = PanelWidth - LabelWidth - ValueWidth;
        var bottom = y + TitleHeight + drivers.Length * BarPitch;
        Text(writer, x, y + 18, Title(rows[0]), Ink, size: 13, weight: "bold");
        foreach (var (part, label) in axis.Ticks())
        {
            Line(writer, left + part * length, y + TitleHeight - 4, left + part * length, bottom, Faint);
            Text(writer, left + part * length, bottom + 14, label, Grey, anchor: "middle", size: 11);
        }
        Text(writer, left + length / 2.0, bottom + 29, $"{axis.Unit} per iteration", Grey, anchor: "middle", size: 11);
        foreach (var row in rows)
        {
            var index = Array.IndexOf(drivers, row.Driver);
            var top = y + TitleHeight + index * BarPitch;
            var end = left + axis.PartOf(row.Median) * length;
            var whisker = left + axis.PartOf(row.P95) * length;
            Text(writer, left - 8, top + 12, row.Driver, Ink, anchor: "end");
            Rectangle(writer, left, top, Math.Max(end - left, 1), BarHeight, Colour(index));
            Line(writer, end, top + BarHeight / 2.0, whisker, top + BarHeight / 2.0, Ink);
            Line(writer, whisker, top + 3, whisker, top + BarHeight - 3, Ink);
            Text(writer, Math.Max(end, whisker) + 6, top + 12, ShortDuration.Format(row.Median), Ink, size: 11);
        }
        Line(writer, left, y + TitleHeight - 4, left, bottom, Ink);
    }

    private static string Title(DriverMeasurement row) => row.Workload switch
    {
        DriverWorkload.ImportImage => "Import an image",
        DriverWorkload.CreateContainer => "Make a container",
        DriverWorkload.MountContainer => "Mount and dismount a container",
        DriverWorkload.ReadFiles => $"Read {row.Operations} files",
        DriverWorkload.CreateFiles => $"Make {row.Operations} small files",
        DriverWorkload.CopyUpSmallFiles => $"Change {row.Operations} small files of the image",
        DriverWorkload.CopyUpBigFile => "Change one byte of a big file of the image",
        DriverWorkload.DeleteFiles => $"Delete {row.Operations} files of the image",
        DriverWorkload.RemoveContainer => "Remove a container",
        DriverWorkload.CreateManyContainers => $"Make {row.Operations} containers",
        DriverWorkload.MeasureManyContainers => $"Measure {row.Operations} containers",
        var other => other.ToString(),
    };

    private static string Colour(int driver) => s_colours[driver % s_colours.Length];

    private static void Rectangle(XmlWriter writer, double x, double y, double width, double height, string colour)
    {
        writer.WriteStartElement("rect", Svg);
        Attributes(writer, ("x", x), ("y", y), ("width", width), ("height", height), ("fill", colour));
        writer.WriteEndElement();
    }

    private static void Line(XmlWriter writer, double x1, double y1, double x2, double y2, string colour)
    {
        writer.WriteStartElement("line", Svg);
        Attributes(writer, ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("stroke", colour));
        writer.WriteEndElement();
    }

    private static void Text(XmlWriter writer, double x, double y, string text, string colour, string anchor = "start", int size = 12, string weight = "normal")
    {
        writer.WriteStartElement("text", Svg);
        Attributes(writer, ("x", x), ("y", y), ("fill", colour), ("text-anchor", anchor), ("font-size", size), ("font-weight", weight));
        writer.WriteString(text);
        writer.WriteEndElement();
    }

    private static void Attributes(XmlWriter writer, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        foreach (var (name, value) in attributes)
            writer.WriteAttributeString(name, value is double number ? number.ToString("0.##", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture));
    }
}
