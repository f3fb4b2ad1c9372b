using System.Diagnostics;
using Xunit;

namespace LayerStore.Tools.Tests;

/// <summary>The host behaves as pwsh does, as far as it goes.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("1", 0)]
    [InlineData("throw 'x'", 1)]
    [InlineData("/bin/false", 1)]
    [InlineData("Get-NoSuchThing", 1)]
    public void The_exit_code_of_a_command_is_that_of_pwsh(string text, int expected)
        => Assert.Equal(expected, HostProcess.Run("-Command", text).ExitCode);

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("/bin/false", 0)]
    [InlineData("throw 'x'", 1)]
    [InlineData("Get-NoSuchThing; 'goes on'", 0)]
    public void The_exit_code_of_a_file_is_that_of_pwsh(string text, int expected)
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(expected, HostProcess.Run("-File", scratch.Write("x.ps1", text)).ExitCode);
    }

    [Fact]
    public void A_file_gets_its_arguments()
    {
        using var scratch = new ScratchFolder();
        var file = scratch.Write("x.ps1", "param([string] $Name, [int] $Count, [switch] $On, [switch] $Off, [Parameter(ValueFromRemainingArguments)] $Rest) \"$Name|$($Count + 1)|$On|$Off|$Rest\"");

        var run = HostProcess.Run("-File", file, "-Name", "a b", "-On", "-Count", "2", "-Off:$false", "x", "-1");

        Assert.Equal("a b|3|True|False|x -1", run.Output.Trim());
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var run = HostProcess.Run("-File", "/nonexistent/x.ps1");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("/nonexistent/x.ps1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_option_is_named() => Assert.Contains("-Sometimes", HostProcess.Run("-Sometimes").Error, StringComparison.Ordinal);

    [Fact]
    public void Output_that_goes_to_a_pipe_has_no_colours()
    {
        var run = HostProcess.Run("-Command", "[pscustomobject]@{ A = 1 }; Get-NoSuchThing");

        Assert.Contains("A", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output + run.Error);
    }

    [Fact]
    public void Streams_are_shown_where_they_are_wanted()
    {
        const string Text = "function f { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteDebug('d') } f; f -Verbose; f -WarningAction Ignore";

        var lines = HostProcess.Run("-NoStandIns", "-Command", Text).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["WARNING: w", "WARNING: w", "VERBOSE: v"], lines);
    }

    [Theory]
    [InlineData("y\n", "done")]
    [InlineData("n\n", "")]
    [InlineData("?\nYes\n", "done")]
    public void A_question_is_asked_and_its_answer_taken(string answer, string expected)
    {
        const string Text = "function f { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('it')) { 'done' } } f";

        var run = HostProcess.RunWithInput(answer, "-Command", Text);

        Assert.Contains("Are you sure", run.Output, StringComparison.Ordinal);
        Assert.Equal(expected, run.Output.Contains("done", StringComparison.Ordinal) ? "done" : string.Empty);
    }

    [Fact]
    public void A_question_without_an_answer_is_an_error()
    {
        const string Text = "function f { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('it')) { 'done' } } f";

        var run = HostProcess.Run("-NonInteractive", "-Command", Text);

        Assert.Contains("not interactive", run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("done", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_on_standard_input_is_run()
    {
        var run = HostProcess.RunWithInput("$x = 2\n$x * 21\nexit 3\n");

        Assert.Equal("42", run.Output.Trim());
        Assert.Equal(3, run.ExitCode);
    }

    [Fact]
    public void An_interrupt_ends_the_pipeline_and_runs_finally()
    {
        using var process = HostProcess.Start("-Command", "try { [Console]::Out.WriteLine('ready'); while ($true) { } } finally { [Console]::Out.WriteLine('cleaned') }");
        Assert.Equal("ready", process.StandardOutput.ReadLine());

        Kill(process.Id, "INT");

        var run = HostProcess.Wait(process);
        Assert.Contains("cleaned", run.Output, StringComparison.Ordinal);
        Assert.Equal(130, run.ExitCode);
    }

    [Fact]
    public void A_termination_runs_finally_and_ends_what_was_started()
    {
        using var scratch = new ScratchFolder();
        var program = scratch.Write("program", "bash -c 'echo $$; sleep 1000; true'; true");
        using var process = HostProcess.Start("-Command", $"try {{ & bash '{program}' | ForEach-Object {{ [Console]::Out.WriteLine($_) }} }} finally {{ [Console]::Out.WriteLine('cleaned') }}");
        var started = process.StandardOutput.ReadLine();

        Kill(process.Id, "TERM");

        var run = HostProcess.Wait(process);
        Assert.Contains("cleaned", run.Output, StringComparison.Ordinal);
        Assert.Equal(143, run.ExitCode);
        // Who ends has an entry there until somebody asks how.
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{started}"), TimeSpan.FromSeconds(30)), $"{started} still runs.");
    }

    private static void Kill(int process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
