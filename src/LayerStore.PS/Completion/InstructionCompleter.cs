using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LayerStore.PS.Completion;

/// <summary>Completes the instructions of a Dockerfile that change an image's configuration.</summary>
public sealed class InstructionCompleter : IArgumentCompleter
{
    private static readonly (string Name, string ToolTip)[] Instructions =
    [
        ("CMD", "CMD [\"program\", \"argument\"]"), ("ENTRYPOINT", "ENTRYPOINT [\"program\", \"argument\"]"), ("ENV", "ENV name=value"), ("EXPOSE", "EXPOSE 80/tcp"),
        ("HEALTHCHECK", "HEALTHCHECK CMD command"), ("LABEL", "LABEL name=value"), ("ONBUILD", "ONBUILD instruction"), ("STOPSIGNAL", "STOPSIGNAL SIGTERM"), ("USER", "USER name[:group]"),
        ("VOLUME", "VOLUME /path"), ("WORKDIR", "WORKDIR /path"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        StoreCompleter.Matching(wordToComplete, Instructions.Select(instruction => new Candidate(instruction.Name + " ", instruction.ToolTip)));
}
