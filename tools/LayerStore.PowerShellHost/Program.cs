using System.Management.Automation;
using System.Reflection;

namespace LayerStore.PowerShellHost;

/// <summary>A small <c>pwsh</c> on the PowerShell engine, for machines where PowerShell is not installed.</summary>
internal static class Program
{
    private const int UsageError = 64;

    private static int Main(string[] args)
    {
        HostArguments arguments;
        try
        {
            arguments = HostArguments.Parse(args);
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            return UsageError;
        }

        if (arguments.ShowHelp)
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (arguments.ShowVersion)
        {
            Console.WriteLine($"LayerStore PowerShell host, engine {EngineVersion}");
            return 0;
        }

        if (arguments.WorkingDirectory is { } directory)
        {
            Directory.SetCurrentDirectory(directory);
        }

        using var session = new HostSession(arguments);
        return session.Run();
    }

    internal static string EngineVersion => typeof(PSObject).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ')[0] ?? "unknown";

    private const string Usage = """
        A small PowerShell for machines without one. Options as pwsh has them:

          (none)                  an interactive session
          -File PATH [ARG...]     run a script; its exit code is passed on
          -Command TEXT           run a text
          -NoExit                 go on interactively after -File or -Command
          -WorkingDirectory DIR   start there
          -NonInteractive         fail instead of asking
          -NoProfile, -NoLogo, -ExecutionPolicy X   accepted, there is nothing to do

        and of its own:

          -Module PATH            import this module first (may be repeated)
          -NoStandIns             only what the engine has: none of the host's everyday commands
          test PATH...            run Pester files (*.Tests.ps1) with the compatible runner
        """;
}
