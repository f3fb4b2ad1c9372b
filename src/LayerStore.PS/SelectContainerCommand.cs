using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS;

/// <summary>A container cmdlet that must be told which containers.</summary>
public abstract class SelectContainerCommand : ContainerCommand
{
    /// <summary>The containers as the pipeline brings them; each is looked for in its own store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over names.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids; bound from any object that has a property of that name, so that objects of another session find their container.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    private protected void ForEachContainer(Action<Store, Container> action)
    {
        RequireTarget(Name, Id, InputObject);
        ForEachContainer(Name, Id, InputObject, action);
    }
}
