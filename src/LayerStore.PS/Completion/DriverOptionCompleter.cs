using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Drivers;

namespace LayerStore.PS.Completion;

/// <summary>Completes a driver's options as <c>name=value</c>: names first, and behind the sign what the option takes.</summary>
public sealed class DriverOptionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var options = DriversOf(fakeBoundParameters).SelectMany(driver => driver.Options);
        var name = (wordToComplete ?? "").Trim('\'', '"').Split('=')[0];
        var candidates = (wordToComplete ?? "").Contains('=', StringComparison.Ordinal)
            ? options.Where(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .SelectMany(option => ValuesOf(option).Select(value => new Candidate($"{option.Name}={value}", option.Description)))
            : options.Select(option => new Candidate($"{option.Name}=", Describe(option)));
        return StoreCompleter.Matching(wordToComplete, candidates);
    }

    private static IEnumerable<IStorageDriverFactory> DriversOf(IDictionary bound)
    {
        var names = (bound["Driver"] ?? bound["Name"]) switch
        {
            string name => [name],
            IEnumerable several => several.Cast<object>().Select(name => name.ToString() ?? "").ToArray(),
            _ => Array.Empty<string>(),
        };
        return names.Length == 0 ? DriverCatalog.All : DriverCatalog.All.Where(driver => new NameFilter(names).Matches(driver.Name));
    }

    /// <summary>Values that an option takes, as far as they can be listed.</summary>
    internal static IEnumerable<string> ValuesOf(DriverOption option) => option.Type switch
    {
        DriverOptionType.Boolean => ["true", "false"],
        DriverOptionType.Choice => option.Values,
        _ => option.Default is { } standard ? [standard] : [],
    };

    private static string Describe(DriverOption option) =>
        $"{option.Description} ({option.Type}{(option.Default is { } standard ? $", default {standard}" : "")})";
}
