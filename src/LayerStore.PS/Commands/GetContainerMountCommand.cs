using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Lists the mounts that exist now.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerMount", DefaultParameterSetName = IdSet)]
[OutputType(typeof(ContainerMount))]
public sealed class GetContainerMountCommand : ContainerCommand
{
    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over names; without any, every mount.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Container ids; bound from any object that has a property of that name.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>The containers as the pipeline brings them; each is looked for in its own store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    private protected override void ProcessInput()
    {
        if (Name is null && Id is null && InputObject is null)
        {
            WriteObject(FindStore(ResolveRoot())?.Containers.Mounts() ?? [], enumerateCollection: true);
            return;
        }
        ForEachContainer(Name, Id, InputObject, (store, container) =>
            WriteObject(store.Containers.Mounts().Where(mount => mount.Id == container.Id), enumerateCollection: true));
    }
}
