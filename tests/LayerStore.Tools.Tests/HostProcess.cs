using System.Diagnostics;
using System.Reflection;

namespace LayerStore.Tools.Tests;

/// <summary>Runs the PowerShell host as a program.</summary>
internal static class HostProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The repository is where the manifest stands.</summary>
    public static string RepositoryPath { get; } = RepositoryRoot();

    public static string ProgramPath { get; } = Path.Combine(RepositoryPath, typeof(HostProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Host").Value!);

    public static HostResult Run(params string[] arguments) => RunWithInput(string.Empty, arguments);

    public static HostResult RunWithInput(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Wait(process);
    }

    public static Process Start(params string[] arguments)
    {
        // A shell lets what it runs in the background ignore interrupts, and whatever that starts.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", ProgramPath, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("The host did not start.");
    }

    public static HostResult Wait(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The host did not end within {Patience}.");
        }

        return new HostResult(process.ExitCode, output.Result, error.Result);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LayerStore.psd1")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The repository's root was not found above the test's folder.");
    }
}
