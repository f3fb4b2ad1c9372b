using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>Wildcards over names, without regard to case as everywhere in PowerShell.</summary>
internal sealed class NameFilter
{
    private readonly WildcardPattern[] _patterns;

    internal NameFilter(params IEnumerable<string> patterns) =>
        _patterns = [.. patterns.Select(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant))];

    internal bool Matches(string name) => Array.Exists(_patterns, pattern => pattern.IsMatch(name));

    /// <summary>By <c>repository:tag</c> or by the repository alone, as <c>docker image ls PATTERN</c>.</summary>
    internal bool Matches(ContainerImage image) => Matches(image.Reference) || Matches(image.Repository);
}
