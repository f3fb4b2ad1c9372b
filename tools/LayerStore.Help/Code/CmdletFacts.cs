using LayerStore.Help.Pages;

namespace LayerStore.Help.Code;

/// <summary>What the built module says of a cmdlet.</summary>
/// <param name="Name">Verb and noun.</param>
/// <param name="HelpUri">Where to read on the web; empty where nowhere.</param>
/// <param name="Aliases">Other names of the cmdlet.</param>
/// <param name="Syntax">The parameter sets, the default first.</param>
/// <param name="Parameters">The parameters by name, the common ones left out.</param>
/// <param name="OutputTypes">The types that it declares to emit.</param>
internal sealed record CmdletFacts(
    string Name,
    string HelpUri,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<SyntaxBlock> Syntax,
    IReadOnlyDictionary<string, ParameterFacts> Parameters,
    IReadOnlyList<string> OutputTypes);
