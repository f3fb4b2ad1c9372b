using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Drivers;

namespace LayerStore.PS.Completion;

/// <summary>Completes names of storage drivers, best first.</summary>
public sealed class DriverNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        StoreCompleter.Matching(wordToComplete, Candidates());

    /// <summary>Every driver.</summary>
    internal static IEnumerable<Candidate> Candidates() => DriverCatalog.All.Select(driver => new Candidate(driver.Name, driver.RequiresRoot ? $"{driver.Name}: for root only" : $"{driver.Name}: for ordinary users too"));
}
