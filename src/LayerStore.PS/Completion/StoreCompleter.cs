using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using LayerStore.Configuration;

namespace LayerStore.PS.Completion;

/// <summary>Completes arguments from what a store's database says: without its driver, without waiting for anybody, and silent where anything is wrong.</summary>
public abstract class StoreCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            using var index = StoreIndex.Open(RootOf(fakeBoundParameters));
            return index is null ? [] : Matching(wordToComplete, Candidates(index, new CompletionContext(commandName, fakeBoundParameters)));
        }
        catch (Exception exception) when (!ErrorRecords.IsControlFlow(exception))
        {
            // Somebody is typing: an error would stand in the middle of the command line.
            return [];
        }
    }

    /// <summary>What there is to choose from, in the order in which it is to be offered.</summary>
    private protected abstract IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context);

    /// <summary>Those that start with what was typed, quoted as it was.</summary>
    internal static List<CompletionResult> Matching(string? wordToComplete, IEnumerable<Candidate> candidates)
    {
        var word = wordToComplete ?? "";
        var quote = word.Length > 0 && word[0] is '\'' or '"' ? word[..1] : "";
        word = word.Trim('\'', '"');
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. candidates
                .Where(candidate => (word.Length > 0 || !candidate.IsId) && candidate.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && seen.Add(candidate.Text))
                .Select(candidate => new CompletionResult(
                    Quoted(candidate.Text, quote), Printable.Escape(candidate.Text), CompletionResultType.ParameterValue,
                    candidate.ToolTip.Length == 0 ? candidate.Text : candidate.ToolTip)),
        ];
    }

    private static string Quoted(string text, string quote)
    {
        var plain = text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or ':' or '/' or '=');
        if (quote.Length == 0 && plain)
            return text;
        return quote == "\"" && plain ? $"\"{text}\"" : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
    }

    private static string RootOf(IDictionary bound)
    {
        var root = (bound["Root"] ?? bound["StorePath"])?.ToString();
        if (string.IsNullOrEmpty(root))
            root = (string)(EffectiveConfiguration.FromEnvironment("root") ?? EffectiveConfiguration.Load().Find("root"))!.Value!;
        if (Path.IsPathFullyQualified(root))
            return root;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        Collection<PSObject> resolved = shell
            .AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])", useLocalScope: true)
            .AddArgument(root).Invoke();
        return resolved[0].ToString();
    }
}
