using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>The state of a run, which the commands of a test file find through the host.</summary>
internal sealed class TestSession : IDisposable
{
    public const string ScopeFileName = "layerstore-test-scope.ps1";

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("layerstore-pester-");

    public TestSession()
    {
        // A script file is what gives a test file's run its own $script: scope.
        ScopeFile = Path.Combine(_scratch.FullName, ScopeFileName);
        File.WriteAllText(ScopeFile, InvokeRootCommand.CommandName);
    }

    public List<TestResult> Results { get; } = [];

    public string ScopeFile { get; }

    public string CurrentFile { get; private set; } = string.Empty;

    public TestBlock Root { get; private set; } = NewRoot();

    /// <summary>The block that is being discovered or run.</summary>
    public TestBlock CurrentBlock { get; set; } = NewRoot();

    /// <summary>The test that is running.</summary>
    public TestCase? CurrentTest { get; set; }

    public bool IsDiscovery { get; set; }

    public TestDrive Drive { get; private set; } = null!;

    /// <summary>The session of a command.</summary>
    /// <exception cref="InvalidOperationException">The command was not called by the runner.</exception>
    public static TestSession Of(PSCmdlet command)
        => command.Host.PrivateData?.BaseObject as TestSession
            ?? throw new InvalidOperationException("This command works only in a file that the test runner runs.");

    public void Begin(string file)
    {
        CurrentFile = file;
        Root = NewRoot();
        CurrentBlock = Root;
        CurrentTest = null;
        Drive = new TestDrive(_scratch.FullName);
    }

    public void Add(string name, TestOutcome outcome, string? message = null, string? trace = null, TimeSpan duration = default)
        => Results.Add(new TestResult(CurrentFile, name, outcome, message, trace, duration));

    public void Dispose()
    {
        if (TestDrive.HasMounts(_scratch.FullName) is false)
        {
            _scratch.Delete(recursive: true);
        }
    }

    private static TestBlock NewRoot() => new() { Name = "Root", Parent = null, Data = TestData.None };
}
