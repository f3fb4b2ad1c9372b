using System.Management.Automation;
using LayerStore.Drivers;

namespace LayerStore.PS.Commands;

/// <summary>Says what containers changed, as <c>docker diff</c>: added, modified and deleted paths.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerChange", DefaultParameterSetName = IdSet)]
[OutputType(typeof(ContainerChange))]
public sealed class GetContainerChangeCommand : SelectContainerCommand
{
    /// <summary>Only these paths: each with all that is below it, or wildcards over whole paths.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>Only changes of these kinds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ChangeKind[]? Kind { get; set; }

    private protected override void ProcessInput() => ForEachContainer((store, container) =>
        WriteObject(store.Containers.Changes(container.Id, Cancellation).Where(IsWanted), enumerateCollection: true));

    private bool IsWanted(ContainerChange change) =>
        (Kind is null || Kind.Contains(change.Kind)) && (Path is null || Array.Exists(Path, path => IsAt(change.Path, path)));

    private static bool IsAt(string path, string wanted)
    {
        // A container's paths are told apart by the case of their letters.
        if (WildcardPattern.ContainsWildcardCharacters(wanted))
            return WildcardPattern.Get(wanted, WildcardOptions.CultureInvariant).IsMatch(path);
        var directory = "/" + wanted.Trim('/');
        return path == directory || path.StartsWith(directory == "/" ? directory : directory + "/", StringComparison.Ordinal);
    }
}
