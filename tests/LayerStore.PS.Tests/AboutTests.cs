using System.Diagnostics;
using System.Management.Automation;
using System.Text.RegularExpressions;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The about topics are found, fit on a screen, and what they claim is so.</summary>
public sealed partial class AboutTests : IClassFixture<Session>
{
    private static readonly string[] DriverNames = ["overlay2", "btrfs", "zfs", "aufs", "vfs", "devicemapper"];

    private readonly Session _session;

    public AboutTests(Session session) => _session = session;

    private static string[] TopicNames { get; } =
        [.. Directory.GetFiles(Path.Combine(Session.ModulePath, "en-US"), "about_*.help.txt").Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path)[..^".help.txt".Length])];

    public static TheoryData<string> Topics() => [.. TopicNames];

    public static TheoryData<string> Drivers() => [.. DriverNames];

    [Theory]
    [MemberData(nameof(Topics))]
    public void Topics_are_found_and_fit_80_columns(string topic)
    {
        Assert.Contains("LONG DESCRIPTION", _session.Run("Get-Help $args[0]", topic).Single().ToString(), StringComparison.Ordinal);
        Assert.All(Lines(topic), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void What_topics_point_to_exists(string topic)
    {
        var names = Lines(topic).SkipWhile(line => line != "SEE ALSO").Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0);

        Assert.All(names, name => Assert.True(
            name == "about_Try_Catch_Finally" || TopicNames.Contains(name) || Cmdlets.All.Any(cmdlet => cmdlet.Name == name), name));
    }

    [Fact]
    public void Every_driver_has_its_part() =>
        Assert.Equal(DriverNames.Order(StringComparer.Ordinal), _session.Run("(Get-StorageDriver -Root $args[0]).Name", Path.GetTempPath()).Select(name => name.ToString()).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Options_of_drivers_are_those_of_the_catalog(string driver)
    {
        var part = string.Join('\n', Lines("about_LayerStore_Drivers").SkipWhile(line => !line.Equals(driver, StringComparison.OrdinalIgnoreCase)).Skip(1).TakeWhile(line => line.Length == 0 || line[0] == ' '));
        var told = OptionHead().Matches(part).ToDictionary(match => match.Groups["name"].Value, match => Words(match.Groups["text"].Value));
        var options = _session.Run("(Get-StorageDriver $args[0] -Root $args[1]).Options", driver, Path.GetTempPath());

        Assert.Equal(options.Select(option => Property(option, "Name")).Order(StringComparer.Ordinal), told.Keys.Order(StringComparer.Ordinal));
        foreach (var option in options)
        {
            var text = told[Property(option, "Name")];
            Assert.Contains(Property(option, "Description"), text, StringComparison.Ordinal);
            Assert.Equal(Property(option, "Default").Length > 0, text.Contains($"; {Property(option, "Default")} where it is not given.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void Sizes_of_worked_examples_are_what_comes_out(string driver)
    {
        var examples = WorkedExample().Matches(string.Join('\n', Lines("about_LayerStore_Sizes").SkipWhile(line => line != "WORKED EXAMPLES").TakeWhile(line => line != "WHAT IS SHARED")));
        Assert.True(examples.Count >= 9);
        using var store = StoreSession.With("Initialize-Storage -Driver $args[0]; $null = Import-ContainerImage $args[1]", driver, SavedImage.Small);

        foreach (Match example in examples)
        {
            var container = store.Run("New-Container small | Mount-Container").Single();
            using (var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", example.Groups["command"].Value]) { WorkingDirectory = Property(container, "Path") })!)
            {
                shell.WaitForExit();
                Assert.Equal(0, shell.ExitCode);
            }
            Assert.Equal(
                (example.Groups["command"].Value, example.Groups["size"].Value),
                (example.Groups["command"].Value, store.Text("$null = Dismount-Container $args[0]; \"$(Get-ContainerSize $args[0])\"", Property(container, "Name"))));
        }
    }

    [Fact]
    public void Shared_layers_are_counted_once_and_found_as_the_topic_says()
    {
        using var store = StoreSession.With(
            """
            Initialize-Storage -Driver vfs; $null = Import-ContainerImage $args[0] | New-Container -Name c1
            $mount = Mount-Container c1; [IO.File]::WriteAllText("$mount/new", 'new'); Dismount-Container c1; $null = ConvertTo-ContainerImage c1 more:1
            """,
            SavedImage.Small);

        Assert.Equal("1982337,1982340", store.Text("(Get-ContainerImage small).Size; (Get-ContainerImage more:1).Size"));
        Assert.Equal("1982340", store.Text("(Get-StorageInfo -Detailed).LayerBytes"));
        Assert.Equal("1982337", store.Text("Get-ContainerLayer | Where-Object { $_.Images.Count -gt 1 } | ForEach-Object Size"));
    }

    private static string[] Lines(string topic) => File.ReadAllLines(Path.Combine(Session.ModulePath, "en-US", topic + ".help.txt"));

    private static string Property(PSObject item, string name) => item.Properties[name].Value?.ToString() ?? "";

    private static string Words(string text) => Regex.Replace(text, @"\s+", " ").Trim();

    [GeneratedRegex(@"^        (?<name>[a-z][\w.]*)\n(?<text>(?:            .*\n?)+)", RegexOptions.Multiline)]
    private static partial Regex OptionHead();

    [GeneratedRegex(@"^    (?<command>\S.*)\n        (?<size>\S+ \(virtual \S+\))", RegexOptions.Multiline)]
    private static partial Regex WorkedExample();
}
