using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LayerStore.PS.Completion;

/// <summary>Completes ages that people clean up by.</summary>
public sealed class DurationCompleter : IArgumentCompleter
{
    private static readonly Candidate[] Durations =
        [new("1h", "an hour"), new("24h", "a day"), new("7d", "a week"), new("30d", "a month"), new("365d", "a year")];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        StoreCompleter.Matching(wordToComplete, Durations);
}
