using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Discovers one test file and runs what it found.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class InvokeFileCommand : TestCommand
{
    public const string CommandName = "Invoke-LayerStoreTestFile";

    [Parameter(Mandatory = true, Position = 0)]
    public string FilePath { get; set; } = string.Empty;

    protected override void EndProcessing()
    {
        Session.Begin(FilePath);
        Session.Drive.Attach(this);
        var location = SessionState.Path.CurrentLocation.Path;
        try
        {
            if (Discover())
            {
                InNewScriptScope(Session.ScopeFile);
            }
        }
        finally
        {
            SessionState.Path.SetLocation(WildcardPattern.Escape(location));
            Detach();
        }
    }

    private bool Discover()
    {
        Session.IsDiscovery = true;
        try
        {
            InNewScriptScope(FilePath);
            return true;
        }
        catch (Exception e) when (e is RuntimeException or FlowControlException)
        {
            var failure = TestFailure.Of(e);
            Session.Add($"{Path.GetFileName(FilePath)} (discovery)", TestOutcome.Failed, failure.Message, failure.Trace);
            return false;
        }
        finally
        {
            Session.IsDiscovery = false;
            Session.CurrentBlock = Session.Root;
        }
    }

    private void Detach()
    {
        try
        {
            Session.Drive.Detach(this);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Session.Add($"{Path.GetFileName(FilePath)} (TestDrive)", TestOutcome.Failed, e.Message);
        }
    }

    private void InNewScriptScope(string file)
        => InvokeCommand.InvokeScript(useLocalScope: true, InvokeCommand.NewScriptBlock("param($private:______file) & $private:______file"), input: null, file);
}
