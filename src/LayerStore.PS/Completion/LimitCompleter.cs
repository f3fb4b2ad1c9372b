using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Configuration;

namespace LayerStore.PS.Completion;

/// <summary>Completes limits as <c>name=value</c>: names first, and behind the sign what is built in.</summary>
public sealed class LimitCompleter : IArgumentCompleter
{
    private const string Group = "limits.";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var valued = (wordToComplete ?? "").Contains('=', StringComparison.Ordinal);
        return StoreCompleter.Matching(wordToComplete, Settings.All.Where(setting => setting.Name.StartsWith(Group, StringComparison.Ordinal)).Select(setting =>
        {
            var name = char.ToUpperInvariant(setting.Name[Group.Length]) + setting.Name[(Group.Length + 1)..];
            return new Candidate($"{name}={(valued ? setting.Default : "")}", $"{setting.Description} ({setting.Default} where nothing is said)");
        }));
    }
}
