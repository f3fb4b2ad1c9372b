namespace LayerStore.PowerShellHost;

/// <summary>The words after <c>-File x.ps1</c>, as the script's parameters.</summary>
internal static class ScriptArguments
{
    /// <summary>Pairs of name and value; a positional argument has no name, a switch has the value true.</summary>
    public static IEnumerable<(string? Name, object? Value)> Read(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (!IsParameter(word))
            {
                yield return (null, word);
                continue;
            }

            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                yield return (word[1..colon], Convert(word[(colon + 1)..]));
            }
            else if (i + 1 < words.Count && !IsParameter(words[i + 1]))
            {
                yield return (word[1..], words[++i]);
            }
            else
            {
                yield return (word[1..], true);
            }
        }
    }

    private static bool IsParameter(string word) => word.Length > 1 && word[0] == '-' && (char.IsLetter(word[1]) || word[1] == '_');

    private static object Convert(string value) => value.ToUpperInvariant() switch
    {
        "$TRUE" => true,
        "$FALSE" => false,
        _ => value,
    };
}
