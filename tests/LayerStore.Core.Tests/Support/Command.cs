using System.Diagnostics;

namespace LayerStore.Tests.Support;

/// <summary>Runs a program of the machine and wants it to succeed.</summary>
internal static class Command
{
    public static string Run(string program, params string[] arguments)
    {
        var (code, output, error) = TryRun(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {code}: {error}");
    }

    public static (int Code, string Output, string Error) TryRun(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>True where the program is on the path or beside root's programs.</summary>
    public static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':')
        .Any(directory => File.Exists(Path.Combine(directory, program)));
}
