using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LayerStore.PS.Completion;

/// <summary>Completes settings as <c>name=value</c>: names first, and behind the sign what the setting takes.</summary>
public sealed class SettingCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var name = (wordToComplete ?? "").Trim('\'', '"').Split('=')[0];
        return StoreCompleter.Matching(wordToComplete, (wordToComplete ?? "").Contains('=', StringComparison.Ordinal)
            ? SettingValueCompleter.Candidates(name).Select(value => value with { Text = $"{name}={value.Text}" })
            : SettingNameCompleter.Candidates().Select(candidate => candidate with { Text = candidate.Text + "=" }));
    }
}
