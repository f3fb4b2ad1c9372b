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

    [Fact]
    public void What_a_pipe_or_a_job_gets_has_none() => Assert.DoesNotContain(Escape, Render("$null, $null"), StringComparison.Ordinal);

    private static string Render(string arguments)
    {
        using var session = new Session(120, "en-US", colours: true);
        return session.Run($"[LayerStore.PS.Formatting.Colour]::ChangeLetter('Deleted', {arguments})").Single().ToString();
    }
}
