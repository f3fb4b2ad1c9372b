using System.Diagnostics;

namespace LayerStore.Tests.Support;

/// <summary>Starts this assembly as another process.</summary>
internal static class Child
{
    /// <summary>Runs a command to its end; gives the exit code (137 where it was killed) and what it wrote.</summary>
    public static (int ExitCode, string Output) Run(string command, string root, string killAt, params IEnumerable<string> arguments) =>
        End(Start(command, root, killAt, arguments));

    /// <summary>As <see cref="Run"/>, as the user nobody (65534).</summary>
    public static string RunAsNobody(string command, string root, params IEnumerable<string> arguments) =>
        End(Start("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Environment.ProcessPath!, .. CommandLine(command, root, "-", arguments)])).Output;

    /// <summary>Starts a command; the caller ends it.</summary>
    public static Process Start(string command, string root, string killAt, params IEnumerable<string> arguments) =>
        Start(Environment.ProcessPath!, CommandLine(command, root, killAt, arguments));

    private static IEnumerable<string> CommandLine(string command, string root, string killAt, IEnumerable<string> arguments) =>
        ["exec", typeof(Child).Assembly.Location, command, root, killAt, .. arguments];

    private static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static (int ExitCode, string Output) End(Process process)
    {
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode is 0 or 137, $"The child ended with {process.ExitCode}: {errors.Result}");
            return (process.ExitCode, output);
        }
    }
}
