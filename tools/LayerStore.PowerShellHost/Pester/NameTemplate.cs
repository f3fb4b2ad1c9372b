using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Fills <c>&lt;name&gt;</c> and <c>&lt;_.Property&gt;</c> of a title with the values of the variables.</summary>
internal static partial class NameTemplate
{
    [GeneratedRegex("(?<!`)<(?<expression>[^>`]+)>|`(?<bracket>[<>])")]
    private static partial Regex Placeholder { get; }

    /// <summary>The title as it reads in the command's scope.</summary>
    /// <exception cref="RuntimeException">A placeholder is no expression or failed.</exception>
    public static string Expand(PSCmdlet command, string title)
    {
        var text = new StringBuilder();
        var position = 0;
        foreach (Match match in Placeholder.Matches(title))
        {
            text.Append(title, position, match.Index - position);
            text.Append(match.Groups["bracket"] is { Success: true } bracket ? bracket.Value : ValueOf(command, match.Groups["expression"].Value));
            position = match.Index + match.Length;
        }

        return text.Append(title, position, title.Length - position).ToString();
    }

    private static string ValueOf(PSCmdlet command, string expression)
    {
        // As in a string: that is how Pester 5 shows a value in a title.
        var block = command.InvokeCommand.NewScriptBlock($"\"$(${expression})\"");
        return string.Concat(command.InvokeCommand.InvokeScript(useLocalScope: false, block, input: null));
    }
}
