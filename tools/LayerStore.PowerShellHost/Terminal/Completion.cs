using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace LayerStore.PowerShellHost.Terminal;

/// <summary>The engine's completions for the line being typed.</summary>
internal sealed class Completion(Runspace runspace)
{
    /// <summary>The text's completions at the cursor; null where there are none or a completer failed.</summary>
    public CommandCompletion? At(string text, int cursor)
    {
        try
        {
            using var shell = PowerShell.Create(runspace);
            var found = CommandCompletion.CompleteInput(text, cursor, null, shell);
            return found.CompletionMatches.Count == 0 ? null : found;
        }
        catch (RuntimeException)
        {
            return null;
        }
    }
}
