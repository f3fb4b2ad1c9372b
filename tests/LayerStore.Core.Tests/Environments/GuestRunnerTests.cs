using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>tests/guest/run itself.</summary>
public sealed class GuestRunnerTests : IDisposable
{
    private static readonly string s_runner = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../guest/run"));
    private readonly TestDirectory _place = new();

    public void Dispose() => _place.Dispose();

    [ToolFact("linux.uml")]
    public void A_command_is_root_on_another_kernel_and_its_files_output_and_exit_code_come_back()
    {
        File.WriteAllBytes(_place["disk"], new byte[1 << 20]);
        var (code, output, _) = Command.TryRun(s_runner, "-s", _place.Path, "-d", "1G", "-f", _place["disk"], "--", "bash", "-c",
            "touch /etc/own && id -u && uname -r && blockdev --getsize64 /dev/ubda && echo written >file && echo kept | dd of=/dev/ubdb conv=fsync; exit 3");
        Assert.Equal(3, code);
        Assert.Equal(["0", "1073741824"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.All(char.IsAsciiDigit)));
        Assert.DoesNotContain(File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), output.Split('\n'));
        Assert.Equal("written\n", File.ReadAllText(_place["file"]));
        Assert.Equal("kept\n"u8, File.ReadAllBytes(_place["disk"]).AsSpan(0, 5));
        Assert.False(File.Exists("/etc/own"));
    }

    [ToolFact("linux.uml")]
    public void A_command_that_takes_too_long_is_ended_and_nothing_is_left()
    {
        var (code, _, error) = Command.TryRun("env", $"TMPDIR={_place.Path}", s_runner, "-t", "2", "-d", "1G", "--", "sleep", "100");
        Assert.Equal(124, code);
        Assert.Contains("2 seconds", error, StringComparison.Ordinal);
        Assert.Empty(Leftovers());
        Assert.Empty(Processes());
    }

    [ToolFact("linux.uml")]
    public async Task A_runner_that_is_told_to_end_takes_the_guest_with_it()
    {
        var start = new System.Diagnostics.ProcessStartInfo(s_runner, ["--", "bash", "-c", "echo started; sleep 100"]) { RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = _place.Path;
        using var runner = System.Diagnostics.Process.Start(start)!;
        Assert.Equal("started", await runner.StandardOutput.ReadLineAsync());
        Assert.NotEmpty(Processes());
        _ = LayerStore.Linux.Libc.Kill(runner.Id, 15);
        await runner.WaitForExitAsync();
        Assert.Equal(143, runner.ExitCode);
        Assert.Empty(Processes());
        Assert.Empty(Leftovers());
    }

    [ToolFact("linux.uml")]
    public async Task A_runner_whose_starter_is_killed_ends_with_its_guest()
    {
        // The shell waits for the runner, and is killed as nobody can see it coming.
        var start = new System.Diagnostics.ProcessStartInfo("bash", ["-c", "\"$1\" -- bash -c 'echo started; sleep 100'; exit 1", "starter", s_runner]) { RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = _place.Path;
        using var starter = System.Diagnostics.Process.Start(start)!;
        Assert.Equal("started", await starter.StandardOutput.ReadLineAsync());
        starter.Kill();
        await starter.WaitForExitAsync();
        // Between the guest's end and the removal of its folder there is no process for a moment.
        for (var since = System.Diagnostics.Stopwatch.StartNew(); (Processes().Count > 0 || Leftovers().Any()) && since.Elapsed < TimeSpan.FromSeconds(30);)
            await Task.Delay(100);
        Assert.Empty(Processes());
        Assert.Empty(Leftovers());
    }

    [Fact]
    public void A_guest_that_cannot_be_had_says_why()
    {
        var (code, _, error) = Command.TryRun("env", "LAYERSTORE_GUEST_KERNEL=/nowhere/kernel", s_runner, "-n");
        Assert.Equal(126, code);
        Assert.Contains("/nowhere/kernel", error, StringComparison.Ordinal);
    }

    private IEnumerable<string> Leftovers() => Directory.EnumerateFileSystemEntries(_place.Path);

    // The guest's processes name the folder of this test in their command lines.
    private List<string> Processes() => [.. Directory.EnumerateDirectories("/proc", "*").Where(folder =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(_place.Path, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    })];
}
