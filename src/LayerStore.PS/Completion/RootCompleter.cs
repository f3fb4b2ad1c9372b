using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Configuration;

namespace LayerStore.PS.Completion;

/// <summary>Completes roots that are known here: the environment's, the configuration's, what is built in. Where none fits, PowerShell completes paths.</summary>
public sealed class RootCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        StoreCompleter.Matching(wordToComplete, Candidates());

    private static IEnumerable<Candidate> Candidates()
    {
        IEnumerable<StorageSetting?> settings = [EffectiveConfiguration.FromEnvironment("root"), .. EffectiveConfiguration.Load().Values("root")];
        return settings.OfType<StorageSetting>().Select(setting =>
        {
            var root = (string)setting.Value!;
            return new Candidate(root, $"{Printable.Escape(root)}: {Printable.Escape(setting.Origin)}, {(Store.Exists(root) ? "a store" : "no store yet")}");
        });
    }
}
