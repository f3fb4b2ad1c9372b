using System.Diagnostics;

namespace LayerStore.Tests.Support;

/// <summary>Starts this assembly as another process.</summary>
internal static class Child
{
    /// <summary>Runs a command to its end; gives the exit code (137 where it was killed) and what it wrote.</summary>
    public static (int ExitCode, string Output) Run(string command, string root, string killAt, params IEnumerable<string> arguments)
    {
        using var process = Start(command, root, killAt, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode is 0 or 137, $"{command} ended with {process.ExitCode}: {errors.Result}");
        return (process.ExitCode, output);
    }

    /// <summary>Starts a command; the caller ends it.</summary>
    public static Process Start(string command, string root, string killAt, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (IEnumerable<string>)["exec", typeof(Child).Assembly.Location, command, root, killAt, .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
