using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Configuration;
using LayerStore.Drivers;

namespace LayerStore.PS.Completion;

/// <summary>Completes names of settings: options by the drivers that have them, registries by those that the configuration knows.</summary>
public sealed class SettingNameCompleter : IArgumentCompleter
{
    private const string Star = "*";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        StoreCompleter.Matching(wordToComplete, Candidates());

    /// <summary>Every name that makes sense here.</summary>
    internal static IEnumerable<Candidate> Candidates() => Settings.All.SelectMany(setting => setting.Type == SettingType.DriverOption
        ? DriverCatalog.All.SelectMany(driver => driver.Options).Select(option => new Candidate(setting.Name.Replace(Star, option.Name, StringComparison.Ordinal), option.Description))
        : setting.Name.Contains(Star, StringComparison.Ordinal)
            ? Registries().Select(registry => new Candidate(setting.Name.Replace(Star, registry, StringComparison.Ordinal), setting.Description))
            : [new Candidate(setting.Name, setting.Description)]);

    private static IEnumerable<string> Registries() => EffectiveConfiguration.Load().All().Select(setting => setting.Name)
        .Where(name => name.StartsWith("registries.", StringComparison.Ordinal))
        .Select(name => name["registries.".Length..name.LastIndexOf('.')])
        .Prepend("docker.io").Distinct(StringComparer.Ordinal);
}
