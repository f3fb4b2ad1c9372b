using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Configuration;
using LayerStore.Drivers;

namespace LayerStore.PS.Completion;

/// <summary>Completes the value of the setting that -Name names: drivers, truths, what options take, limits as they are built in.</summary>
public sealed class SettingValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        return StoreCompleter.Matching(wordToComplete, Candidates(fakeBoundParameters["Name"]?.ToString() ?? ""));
    }

    /// <summary>What a setting may be.</summary>
    internal static IEnumerable<Candidate> Candidates(string name) => Settings.Resolve(name) is not { } setting ? [] : setting.Type switch
    {
        SettingType.Driver => DriverNameCompleter.Candidates(),
        SettingType.Boolean => [new Candidate("true", setting.Description), new Candidate("false", setting.Description)],
        SettingType.DriverOption => DriverCatalog.All.SelectMany(driver => driver.Options)
            .Where(option => name.EndsWith("." + option.Name, StringComparison.OrdinalIgnoreCase))
            .SelectMany(option => DriverOptionCompleter.ValuesOf(option).Select(value => new Candidate(value, option.Description))),
        _ => setting.Default is { } standard ? [new Candidate(standard, setting.Description)] : [],
    };
}
