using System.ComponentModel;
using System.Diagnostics;

namespace LayerStore.Linux;

/// <summary>Programs of the machine, for what has no system call: making file systems, setting up volume groups.</summary>
internal static class ExternalProgram
{
    /// <summary>Where a program is that this process may run; null where the machine has none of that name.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/bin:/sbin:/bin").Split(':')
        .Where(directory => directory.StartsWith('/'))
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(IsProgram);

    /// <summary>Runs a program to its end; gives what it wrote.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ProgramMissing"/>, or <see cref="ErrorIds.ProgramFailed"/> with what it said.</exception>
    public static string Run(string name, string package, params IEnumerable<string> arguments)
    {
        var (code, output, error) = TryRun(name, package, arguments);
        return code == 0
            ? output
            : throw new StoreException(
                ErrorIds.ProgramFailed, StoreErrorKind.InputOutput, name,
                $"'{name} {Printable.Escape(string.Join(' ', arguments))}' ended with {code}: {Printable.Escape(error.Trim() is { Length: > 0 } said ? said : output.Trim())}.",
                "Run the command by hand to see what it needs.");
    }

    /// <summary>As <see cref="Run"/>; an exit code is no error.</summary>
    public static (int Code, string Output, string Error) TryRun(string name, string package, params IEnumerable<string> arguments)
    {
        var path = Find(name) ?? throw Missing(name, package);
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // What programs say is read and shown: in one language.
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (Win32Exception e)
        {
            throw new StoreException(
                ErrorIds.ProgramFailed, StoreErrorKind.InputOutput, path, $"'{Printable.Escape(path)}' could not be started: {e.Message}.",
                $"Install the package {package} again.", e);
        }
    }

    // A link that leads nowhere is none, nor is a directory or a file that nobody may run: what a shell passes over.
    private static unsafe bool IsProgram(string path)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
            return Libc.Statx(Libc.AT_FDCWD, name, 0, Libc.STATX_TYPE, &data) == 0 && data.IsRegular && Libc.FaccessAt(Libc.AT_FDCWD, name, Libc.X_OK, Libc.AT_EACCESS) == 0;
    }

    /// <summary>The error of a program that the machine has not.</summary>
    public static StoreException Missing(string name, string package) => new(
        ErrorIds.ProgramMissing, StoreErrorKind.NotSupported, name,
        $"The program {name} is not installed.", $"Install it (Debian and Ubuntu: apt-get install {package}; Fedora: dnf install {package}), then run the command again.");
}
