using System.Text.RegularExpressions;

namespace LayerStore.Help.Pages;

/// <summary>A parameter set as <c>Get-Command -Syntax</c> writes it, on one line.</summary>
internal sealed partial record SyntaxBlock(string SetName, bool IsDefault, string Text)
{
    /// <summary>The set that the engine gives to a cmdlet that names none.</summary>
    internal const string Unnamed = "__AllParameterSets";

    /// <summary>The parameters in their order, each with the short name of its type; a switch has none.</summary>
    internal IEnumerable<(string Name, string? Type)> Parameters =>
        Parameter().Matches(Text).Select(match => (match.Groups["name"].Value, match.Groups["type"].Success ? match.Groups["type"].Value : null));

    [GeneratedRegex(@"(?<= \[*)-(?<name>\w+)\]?(?: <(?<type>[^>]+)>)?")]
    private static partial Regex Parameter();
}
