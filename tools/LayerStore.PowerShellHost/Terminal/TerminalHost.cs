using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace LayerStore.PowerShellHost.Terminal;

/// <summary>The engine's view of this program.</summary>
internal sealed class TerminalHost : PSHost
{
    private readonly TerminalUserInterface _ui;
    private PSObject? _privateData;

    public TerminalHost(bool interactive, Action stopRunning) => _ui = new TerminalUserInterface(interactive, stopRunning);

    /// <summary>The code given to <c>exit</c>, once it was called.</summary>
    public int? ExitCode { get; private set; }

    public TerminalUserInterface Terminal => _ui;

    /// <summary>What the commands of a test file find as <c>$Host.PrivateData</c>.</summary>
    public override PSObject? PrivateData => _privateData;

    public override string Name => "LayerStore host";

    public override Version Version { get; } = typeof(TerminalHost).Assembly.GetName().Version ?? new Version(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => _ui;

    public void SetPrivateData(object data) => _privateData = PSObject.AsPSObject(data);

    public override void SetShouldExit(int exitCode) => ExitCode ??= exitCode;

    public override void EnterNestedPrompt() => throw new PSNotSupportedException("This host has no nested prompt.");

    public override void ExitNestedPrompt() => throw new PSNotSupportedException("This host has no nested prompt.");

    public override void NotifyBeginApplication() => _ui.Progress.Clear();

    public override void NotifyEndApplication()
    {
    }
}
