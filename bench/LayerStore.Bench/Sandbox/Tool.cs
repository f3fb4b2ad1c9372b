using System.Diagnostics;
using System.Text;

namespace LayerStore.Bench.Sandbox;

/// <summary>Runs the commands that the benchmark needs around it, and says which of them failed and how.</summary>
internal static class Tool
{
    private static readonly string[] Folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

    /// <summary>Runs a command and returns what it printed. Fails with its error output.</summary>
    public static string Run(string command, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // A translated message is no interface.
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        process.StandardInput.Close();
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{Path.GetFileName(command)} failed with {process.ExitCode}: {errors.ToString().Trim()} {output.Trim()}\n{command} {string.Join(' ', arguments!)}");
    }

    /// <summary>Runs a shell script; each argument is one of its positional parameters.</summary>
    public static string Shell(string script, params ReadOnlySpan<string> arguments) => Run("/bin/sh", ["-ec", script, "sh", .. arguments]);

    /// <summary>Where a command lies in the system's own directories; null where it is not installed.</summary>
    /// <remarks>Only there: a command of the same name elsewhere on the path may be anything.</remarks>
    public static string? Find(string command) =>
        Folders.Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);
}
