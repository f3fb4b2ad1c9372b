using System.Collections;
using System.Management.Automation;

namespace LayerStore.PS.Completion;

/// <summary>What is known of the command that is being typed.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Bound">The parameters that have values already.</param>
internal readonly record struct CompletionContext(string Command, IDictionary Bound)
{
    /// <summary>True where a switch was given.</summary>
    public bool Has(string name) => Bound.Contains(name) && LanguagePrimitives.IsTrue(Bound[name]);

    /// <summary>True for this command, by its name or by its alias.</summary>
    public bool Is(string command) => Command.Equals(command, StringComparison.OrdinalIgnoreCase) || Command.EndsWith('\\' + command, StringComparison.OrdinalIgnoreCase);
}
