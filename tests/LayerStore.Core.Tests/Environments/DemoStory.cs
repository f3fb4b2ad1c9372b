using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>The demo of docs/, and the cmdlets' story of tests/guest/, run by the PowerShell and with the module that the build names.</summary>
internal static class DemoStory
{
    /// <summary>The environment variable with the PowerShell's path.</summary>
    public const string ShellVariable = "LAYERSTORE_POWERSHELL";

    private static readonly string s_repository = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
    private static readonly string s_module = Path.Combine(s_repository, "out", "LayerStore");
    private static readonly string s_cmdlets = Path.Combine(s_repository, "tests", "guest", "cmdlets.ps1");
    private static readonly string s_image = Path.Combine(s_repository, "tests", "LayerStore.Core.Tests", "data", "small.tar");

    /// <summary>Why it cannot be run; null where it can.</summary>
    public static string? Missing => !File.Exists(Shell) || !File.Exists(Path.Combine(s_module, "LayerStore.psd1"))
        ? "needs the built module and a PowerShell: './build.sh conformance' and './build.sh test' bring both"
        : null;

    /// <summary>All that goes into it.</summary>
    public static IEnumerable<string> Files =>
    [
        Shell,
        .. Directory.EnumerateFiles(Path.GetDirectoryName(Shell)!, "LayerStore.*.dll").Order(StringComparer.Ordinal),
        .. Directory.EnumerateFiles(Path.Combine(s_repository, "docs"), "demo*.ps1").Order(StringComparer.Ordinal),
        s_cmdlets,
        s_image,
        .. Directory.EnumerateFiles(s_module, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
    ];

    private static string Shell => Environment.GetEnvironmentVariable(ShellVariable) ?? "";

    /// <summary>Runs the demo on a driver; gives the exit code and what it showed.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="folder">Where its store is made.</param>
    /// <param name="option">An option of the driver, as <c>name=value</c>.</param>
    public static (int Code, string Output) Run(string driver, string folder, string? option) =>
        // A small image: what is tested is the story, and guests are slow.
        Run(Path.Combine(s_repository, "docs", "demo.ps1"), driver, folder, option is null ? [] : [option]);

    /// <summary>Has the cmdlets do on a driver what users do; gives the exit code and what was seen.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="folder">Where its store is made, as <c>store</c>; it is empty then.</param>
    /// <param name="options">Options of the driver.</param>
    public static (int Code, string Output) RunCmdlets(string driver, string folder, DriverOptions options) =>
        Run(s_cmdlets, driver, folder, [.. options.Select(option => $"{option.Key}={option.Value}")]);

    private static (int Code, string Output) Run(string script, string driver, string folder, IReadOnlyList<string> options)
    {
        string[] words =
        [
            "-NoProfile", "-File", script, "-ModulePath", Path.Combine(s_module, "LayerStore.psd1"),
            "-Image", s_image, "-Driver", driver, "-Folder", folder, .. options.Count == 0 ? Array.Empty<string>() : ["-Option", string.Join(',', options)],
        ];
        var (code, output, error) = Command.TryRun(Shell, words);
        return (code, output + error);
    }
}
