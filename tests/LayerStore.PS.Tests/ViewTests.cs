using System.Text.RegularExpressions;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>What a user sees of each type, at several widths and in several cultures.</summary>
public sealed class ViewTests
{
    private const string Update = "LAYERSTORE_UPDATE_GOLDEN";

    private const string Everything = Samples.Definitions + """
        $views = 'Containers', 'Images', 'Steps', 'Layer', 'Nodes', 'Measured', 'Allocated', 'Mounted', 'Removed', 'SavedImage', 'SavedContainer', 'Volumes', 'SizedVolumes', 'SavedVolume', 'SavedLayer', 'UsageRows', 'ImageUses', 'Pruned', 'Copied', 'Changes', 'Difference', 'Drivers', 'DriverTests', 'Recommendations', 'Measurements', 'Info', 'Details', 'SettingRows', 'Problems'
        foreach ($view in $views) { & $view | Out-Default }
        """;

    private const string Lists = Samples.Definitions + """
        $views = 'Containers', 'Images', 'Steps', 'Layer', 'Nodes', 'Measured', 'Allocated', 'Mounted', 'Removed', 'SavedImage', 'SavedContainer', 'Volumes', 'SizedVolumes', 'SavedVolume', 'SavedLayer', 'UsageRows', 'ImageUses', 'Pruned', 'Copied', 'Changes', 'Difference', 'Drivers', 'DriverTests', 'Recommendations', 'Measurements', 'Details'
        foreach ($view in $views) { "== $view"; @(& $view)[0] | Format-List }
        foreach ($view in 'Containers', 'Images', 'Layer', 'Mounted', 'Changes', 'Drivers') { "== $view"; & $view | Format-Wide }
        "== Tree"; Nodes | Format-Custom
        """;

    private const string EverythingDeserialized = Samples.Definitions + """
        $views = 'Containers', 'Images', 'Steps', 'Layer', 'Nodes', 'Measured', 'Allocated', 'Mounted', 'Removed', 'SavedImage', 'SavedContainer', 'Volumes', 'SizedVolumes', 'SavedVolume', 'SavedLayer', 'UsageRows', 'ImageUses', 'Pruned', 'Copied', 'Changes', 'Difference', 'Drivers', 'DriverTests', 'Recommendations', 'Measurements', 'Info', 'Details', 'SettingRows', 'Problems'
        foreach ($view in $views) {
            $text = [System.Management.Automation.PSSerializer]::Serialize(@(& $view), 3)
            [System.Management.Automation.PSSerializer]::Deserialize($text) | Out-Default
        }
        """;

    [Theory]
    [InlineData(80, "en-US")]
    [InlineData(120, "en-US")]
    [InlineData(200, "en-US")]
    [InlineData(120, "de-DE")]
    [InlineData(120, "tr-TR")]
    public void Views_look_the_same_in_every_culture(int width, string culture) => AssertGolden(width, culture, Everything);

    [Theory]
    [InlineData(80, "en-US")]
    [InlineData(120, "en-US")]
    [InlineData(200, "en-US")]
    [InlineData(80, "tr-TR")]
    public void Lists_and_wide_views_are_as_they_were(int width, string culture) => AssertGolden(width, culture, Lists, "lists");

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Objects_of_another_session_look_as_those_of_this_one(int width) => AssertGolden(width, "en-US", EverythingDeserialized);

    [Fact]
    public void Containers_with_sizes_have_the_cells_of_docker_ps_as()
    {
        const string docker = """
            CONTAINER ID   IMAGE              COMMAND                  CREATED          STATUS      NAMES         SIZE
            1883ddea6a28   deep100:latest     "sleep 100000"           2 seconds ago    Created     c-deep        0B (virtual 1.99MB)
            9aea29652a22   small:latest       "sh -c 'echo log > /…"   4 seconds ago    Created     c-running     4B (virtual 1.98MB)
            0e8d5766a0ed   small:latest       "sh -c 'cd /root; fo…"   13 seconds ago   Created     c-10k         109kB (virtual 2.09MB)
            510045166bdc   small:latest       "sh -c 'dd if=/dev/z…"   22 seconds ago   Created     c-1m          1.05MB (virtual 3.03MB)
            6103d3dcf4b9   small:latest       "sh"                     24 seconds ago   Created     c-created     0B (virtual 1.98MB)
            """;
        AssertCells(docker, "Containers");
    }

    [Fact]
    public void Images_have_the_cells_of_docker_image_ls()
    {
        const string docker = """
            REPOSITORY       TAG       IMAGE ID       CREATED       SIZE
            petclinic        latest    35463828629f   3 years ago   401MB
            base             latest    d927edf45cba   3 years ago   117MB
            small            latest    8a86c9c7acf7   3 years ago   1.98MB
            """;
        AssertCells(docker, "Images");
    }

    [Fact]
    public void History_has_the_cells_of_docker_history()
    {
        const string docker = """
            IMAGE          CREATED       CREATED BY                                 SIZE
            8a86c9c7acf7   3 years ago   /bin/sh -c #(nop)  CMD ["sh"]              0B
            <missing>      3 years ago   /bin/sh -c #(nop) ADD file:busybox in /    1.98MB
            """;
        AssertCells(docker, "Steps");
    }

    [Fact]
    public void Storage_info_is_written_as_docker_info_writes_it()
    {
        using var session = new Session(120, "en-US");

        var text = session.Show(Samples.Definitions + "Info");

        // These lines are Docker's, byte for byte.
        const string docker = "Storage Driver: overlay2\n Backing Filesystem: extfs\n Supports d_type: true\n Native Overlay Diff: true\n userxattr: false\n";
        Assert.Contains(docker, text, StringComparison.Ordinal);
        Assert.Contains("Images: 15\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" | ForEach-Object { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_)) }")]
    public void Sizes_in_storage_info_are_written_for_people_and_counts_as_they_are(string way)
    {
        using var session = new Session(120, "en-US");
        const string info = """
            $status = [System.Collections.Generic.Dictionary[string,object]]::new()
            $status['Data Space Total'] = 107374182400L; $status['Deferred Deleted Device Count'] = 12000L; $status['Pool Blocksize'] = 65536L
            $status['Backing Filesystem'] = 'xfs'; $status['Pool Name'] = 'p'
            $info = Info; $info.GetType().GetProperty('DriverStatus').SetValue($info, $status); $info
            """;

        var text = session.Show(Samples.Definitions + info + way);

        // Docker's order and Docker's numbers.
        const string docker = "Storage Driver: overlay2\n Pool Name: p\n Pool Blocksize: 65.54kB\n Backing Filesystem: xfs\n Data Space Total: 107.4GB\n Deferred Deleted Device Count: 12000\n";
        Assert.Contains(docker, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_numbers_stay_in_properties()
    {
        using var session = new Session(120, "de-DE");

        var small = session.Run(Samples.Definitions + "Containers | Where-Object SizeRw -gt 100kb | ForEach-Object Name").Select(name => name.ToString());

        Assert.Equal(["c-10k", "c-1m"], small);
    }

    [Fact]
    public void Objects_in_strings_read_as_names()
    {
        using var session = new Session(120, "en-US");

        Assert.Equal("c-deep base:latest", session.Run(Samples.Definitions + "\"$(@(Containers)[0]) $(@(Images)[1])\"").Single().ToString());
    }

    /// <summary>The same cells in the same order, whatever stands between them.</summary>
    private static void AssertCells(string docker, string sample)
    {
        using var session = new Session(200, "en-US");

        var ours = session.Show(Samples.Definitions + sample).Split('\n').Where(line => !line.StartsWith("---", StringComparison.Ordinal)).ToArray();

        var theirs = docker.Split('\n');
        Assert.Equal(theirs.Length, ours.Length);
        foreach (var (line, expected) in ours.Zip(theirs))
        {
            var position = 0;
            foreach (var cell in expected.Split("   ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var found = line.IndexOf(cell, position, StringComparison.Ordinal);
                Assert.True(found >= 0, $"'{cell}' is not in '{line}'");
                Assert.Equal("", line[position..found].Trim());
                position = found + cell.Length;
            }
            Assert.Equal("", line[position..].Replace("COMMENT", "", StringComparison.Ordinal).Trim());
        }
    }

    private static void AssertGolden(int width, string culture, string script, string kind = "views")
    {
        using var session = new Session(width, culture);

        // Times are the reader's own in lists.
        var text = Regex.Replace(session.Show(script), @"^(Created +: ).*$", "$1(a time)", RegexOptions.Multiline) + "\n";

        var golden = Path.Combine(Session.RepositoryPath, "tests", "LayerStore.PS.Tests", "Golden", $"{kind}-{width}.txt");
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, text);
        }
        Assert.Equal(File.ReadAllText(golden), text);
        Assert.DoesNotMatch(@"== \w+\n(==|$)", text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
    }
}
