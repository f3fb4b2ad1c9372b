namespace LayerStore.PowerShellHost.Pester;

/// <summary>What an operator of Should found.</summary>
/// <param name="Holds">Whether the plain assertion, without -Not, is true.</param>
/// <param name="Expected">What was expected, after "Expected".</param>
/// <param name="Unexpected">What was expected with -Not, after "Expected".</param>
/// <param name="Found">What there was, after "but".</param>
internal sealed record Assertion(bool Holds, string Expected, string Unexpected, string Found)
{
    /// <summary>The message of the failure; null where the assertion is met.</summary>
    public string? Failure(bool negated, string? because)
    {
        if (Holds != negated)
        {
            return null;
        }

        var reason = string.IsNullOrWhiteSpace(because) ? string.Empty : $" because {WithoutBecause(because)},";
        return $"Expected {(negated ? Unexpected : Expected)},{reason} but {Found}.";
    }

    /// <summary>A reason that may or may not begin with the word "because".</summary>
    public static string WithoutBecause(string reason)
    {
        const string Because = "because ";
        var text = reason.Trim();
        return text.StartsWith(Because, StringComparison.OrdinalIgnoreCase) ? text[Because.Length..] : text;
    }
}
