using System.Globalization;
using System.Xml.Linq;
using LayerStore.Measurement;

namespace LayerStore.Tests.Measurement;

/// <summary>The picture of measurements, and the numbers in it.</summary>
public sealed class MeasurementChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Each_workload_has_a_panel_with_a_bar_for_each_driver_inside_of_the_picture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var picture = Draw([Row("overlay2", DriverWorkload.ImportImage, 12.5, 30), Row("vfs", DriverWorkload.ImportImage, 250, 250), Row("vfs", DriverWorkload.MountContainer, 0, 0)]);
            var (width, height) = (Number(picture, "width"), Number(picture, "height"));
            var bars = picture.Elements(Svg + "rect").Where(bar => Number(bar, "height") == 16).ToArray();
            Assert.Equal(3, bars.Length);
            Assert.Equal(20, Number(bars[1], "width") / Number(bars[0], "width"), tolerance: 0.05);
            Assert.All(picture.Elements(), element =>
            {
                foreach (var (name, limit) in new[] { ("x", width), ("x1", width), ("x2", width), ("y", height), ("y1", height), ("y2", height) })
                    if (element.Attribute(name) is not null)
                        Assert.InRange(Number(element, name), 0, limit);
            });
            var texts = picture.Elements(Svg + "text").Select(text => text.Value).ToArray();
            Assert.Contains("Import an image", texts);
            Assert.Contains("12.5 ms", texts);
            Assert.Contains("ms per iteration", texts);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void What_stands_in_a_path_cannot_break_the_picture()
    {
        var picture = Draw([Row("vfs", DriverWorkload.ReadFiles, 1, 2) with { Path = "/a&b/<script>\u0001\u001b[1m" }]);
        Assert.Contains(picture.Elements(Svg + "text"), text => text.Value.Contains("/a&b/<script>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.0000005, "0.50 µs", "µs")]
    [InlineData(0.000014, "14.0 µs", "µs")]
    [InlineData(0.0029178, "2.92 ms", "ms")]
    [InlineData(0.09999, "100 ms", "ms")]
    [InlineData(0.2391, "239 ms", "ms")]
    [InlineData(75.5, "75.5 s", "s")]
    public void Times_have_three_digits_and_a_unit_that_suits_and_an_axis_of_round_marks(double seconds, string text, string unit)
    {
        var time = TimeSpan.FromSeconds(seconds);
        Assert.Equal(text, ShortDuration.Format(time));
        var axis = new TimeAxis(time);
        Assert.Equal(unit, axis.Unit);
        Assert.InRange(axis.PartOf(time), 0.5, 1);
        var ticks = axis.Ticks().ToArray();
        Assert.InRange(ticks.Length, 3, 7);
        Assert.Equal((0, "0"), ticks[0]);
        Assert.Equal(1, ticks[^1].Part, tolerance: 1e-9);
    }

    [Fact]
    public void Of_an_even_number_of_times_the_median_is_between_the_two_in_the_middle()
    {
        TimeSpan[] times = [.. Enumerable.Range(1, 20).Select(i => TimeSpan.FromSeconds(i))];
        Assert.Equal(10.5, Samples.Median(times).TotalSeconds);
        Assert.Equal(19, Samples.Percentile(times, 0.95).TotalSeconds);
        Assert.Equal((2.0, 3.0), (Samples.Median(times[..3]).TotalSeconds, Samples.Percentile(times[..3], 0.95).TotalSeconds));
    }

    private static XElement Draw(IReadOnlyList<DriverMeasurement> rows)
    {
        using var output = new MemoryStream();
        MeasurementChart.Write(rows, output);
        output.Position = 0;
        var root = XDocument.Load(output).Root!;
        Assert.Equal(Svg + "svg", root.Name);
        return root;
    }

    private static DriverMeasurement Row(string driver, DriverWorkload workload, double median, double p95) => new()
    {
        Driver = driver,
        Workload = workload,
        Median = TimeSpan.FromMilliseconds(median),
        P95 = TimeSpan.FromMilliseconds(p95),
        Iterations = 5,
        Operations = 10,
        FileSystem = "extfs",
        Path = "/mnt",
    };

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
