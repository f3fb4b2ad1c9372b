using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Colours help where somebody looks at them, and are nowhere else.</summary>
public sealed class ColourTests
{
    private const string Escape = "\e[";

    [Fact]
    public void Terminals_show_changes_and_failed_checks_in_colour()
    {
        using var session = new Session(120, "en-US", colours: true);

        var changes = session.Show(Samples.Definitions + "Changes");
        Assert.Contains("\e[32mA\e[0m", changes, StringComparison.Ordinal);
        Assert.Contains("\e[33mC\e[0m", changes, StringComparison.Ordinal);
        Assert.Contains("\e[31mD\e[0m", changes, StringComparison.Ordinal);
        var checks = session.Show(Samples.Definitions + "DriverTests");
        Assert.Contains("\e[31mno\e[0m", checks, StringComparison.Ordinal);
        Assert.Contains("\e[33mno\e[0m", checks, StringComparison.Ordinal);
        Assert.DoesNotContain("myes", checks, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "$PSStyle.OutputRendering = 'PlainText'; ")]
    public void Others_do_not(bool colours, string setting)
    {
        using var session = new Session(120, "en-US", colours: colours);

        var text = session.Run(setting + "$kind = 'Added'; [LayerStore.PS.Formatting.Colour]::ChangeLetter($kind, $PSStyle, $Host) + [LayerStore.PS.Formatting.Colour]::Passed($false, $true, $PSStyle, $Host)").Single().ToString();

        Assert.Equal("Ano", text);
        session.Run("$PSStyle.OutputRendering = 'Host'");
    }

    [Theory]
    [InlineData("$env:NO_COLOR = '1'; ")]
    [InlineData("$PSStyle.OutputRendering = 'PlainText'; ")]
    public void No_view_has_any_where_nobody_wants_them(string setting)
    {
        const string views = """
            foreach ($view in 'Containers', 'Images', 'Steps', 'Layer', 'Nodes', 'Measured', 'Mounted', 'Removed', 'SavedImage', 'Copied', 'Changes', 'Difference', 'Drivers', 'DriverTests', 'Recommendations', 'Measurements', 'Info', 'Details', 'SettingRows', 'Problems') {
                & $view | Out-Default; @(& $view)[0] | Format-List; @(& $view)[0] | Format-Wide
            }
            Nodes | Format-Custom
            """;
        // Other tests of this class look for colours; those of other classes have hosts without.
        var before = Environment.GetEnvironmentVariable("NO_COLOR");
        using var session = new Session(120, "en-US", colours: true);
        try
        {
            // The engine's own colours of headers, which it takes out where it writes to a terminal, are none of ours.
            var text = session.Show(setting + "$PSStyle.Formatting.TableHeader = $PSStyle.Formatting.FormatAccent = $PSStyle.Formatting.CustomTableHeaderLabel = ''; " + Samples.Definitions + views);

            Assert.Contains("/etc/", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\e", text.Replace("\e[0m", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NO_COLOR", before);
            session.Run("$PSStyle.OutputRendering = 'Host'");
        }
    }

    [Fact]
    public void What_a_pipe_or_a_job_gets_has_none() => Assert.DoesNotContain(Escape, Render("$null, $null"), StringComparison.Ordinal);

    private static string Render(string arguments)
    {
        using var session = new Session(120, "en-US", colours: true);
        return session.Run($"[LayerStore.PS.Formatting.Colour]::ChangeLetter('Deleted', {arguments})").Single().ToString();
    }
}
