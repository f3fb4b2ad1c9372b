using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Configuration;

namespace LayerStore.PS.Completion;

/// <summary>Completes the mirrors that the configuration names for any registry.</summary>
public sealed class MirrorCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        StoreCompleter.Matching(wordToComplete, EffectiveConfiguration.Load().All()
            .Where(setting => setting.Value is string[] && setting.Name.EndsWith(".mirrors", StringComparison.Ordinal))
            .SelectMany(setting => ((string[])setting.Value!).Select(mirror => new Candidate(mirror, $"{setting.Name} ({Printable.Escape(setting.Origin)})"))));
}
