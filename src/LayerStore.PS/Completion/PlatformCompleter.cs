using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LayerStore.PS.Completion;

/// <summary>Completes the platforms that images are commonly made for.</summary>
public sealed class PlatformCompleter : IArgumentCompleter
{
    private static readonly string[] Platforms =
    [
        "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/s390x", "linux/riscv64",
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        StoreCompleter.Matching(wordToComplete, Platforms.Select(platform => new Candidate(platform)));
}
