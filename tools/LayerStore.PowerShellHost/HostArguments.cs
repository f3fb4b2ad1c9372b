namespace LayerStore.PowerShellHost;

/// <summary>What the command line asks for; the spelling is that of <c>pwsh</c>.</summary>
internal sealed class HostArguments
{
    public string? Command { get; private set; }
    public string? File { get; private set; }
    public IReadOnlyList<string> Rest { get; private set; } = [];
    public List<string> Modules { get; } = [];
    public List<string> TestPaths { get; } = [];
    public string? TestResult { get; private set; }
    public bool RunTests { get; private set; }
    public bool NoExit { get; private set; }
    public bool NonInteractive { get; private set; }
    public bool NoLogo { get; private set; }
    public bool StandIns { get; private set; } = true;
    public bool ShowHelp { get; private set; }
    public bool ShowVersion { get; private set; }
    public string? WorkingDirectory { get; private set; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public static HostArguments Parse(string[] args)
    {
        var parsed = new HostArguments();
        var index = 0;
        if (args is ["test", ..])
        {
            parsed.RunTests = true;
            parsed.StandIns = false;
            index = 1;
        }

        while (index < args.Length)
        {
            index = parsed.ReadOption(args, index);
        }

        return parsed;
    }

    private int ReadOption(string[] args, int index)
    {
        var option = args[index];
        if (!option.StartsWith('-'))
        {
            if (RunTests)
            {
                TestPaths.Add(option);
                return index + 1;
            }

            return TakeFile(args, index);
        }

        switch (option.TrimStart('-').ToLowerInvariant())
        {
            case "command" or "c":
                Command = string.Join(' ', args[(index + 1)..]);
                return index + 1 == args.Length ? throw new ArgumentException("-Command needs a text to run.") : args.Length;
            case "file" or "f":
                return index + 1 == args.Length ? throw new ArgumentException("-File needs a path.") : TakeFile(args, index + 1);
            case "module":
                Modules.Add(ValueOf(args, index));
                return index + 2;
            case "resultpath":
                TestResult = ValueOf(args, index);
                return index + 2;
            case "workingdirectory" or "wd":
                WorkingDirectory = ValueOf(args, index);
                return index + 2;
            case "executionpolicy" or "ex" or "ep" or "inputformat" or "outputformat":
                _ = ValueOf(args, index);
                return index + 2;
            case "noprofile" or "nop":
                return index + 1;
            case "nologo":
                NoLogo = true;
                return index + 1;
            case "noninteractive" or "noni":
                NonInteractive = true;
                return index + 1;
            case "noexit" or "noe":
                NoExit = true;
                return index + 1;
            case "nostandins":
                StandIns = false;
                return index + 1;
            case "version" or "v":
                ShowVersion = true;
                return index + 1;
            case "help" or "h" or "?":
                ShowHelp = true;
                return index + 1;
            default:
                throw new ArgumentException($"The option {option} is not known here; -Help lists those that are.");
        }
    }

    private int TakeFile(string[] args, int index)
    {
        File = args[index];
        Rest = args[(index + 1)..];
        return args.Length;
    }

    private static string ValueOf(string[] args, int index) => index + 1 < args.Length
        ? args[index + 1]
        : throw new ArgumentException($"The option {args[index]} needs a value.");
}
