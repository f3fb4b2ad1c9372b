using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Measures containers: what <c>docker ps -s</c> shows as size and virtual size, in bytes, with inodes.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerSize", DefaultParameterSetName = IdSet)]
[OutputType(typeof(ContainerSize), typeof(ContainerAllocation))]
public sealed class GetContainerSizeCommand : ContainerCommand
{
    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over names; without any, every container.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids; bound from any object that has a property of that name.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>The containers as the pipeline brings them; each is looked for in its own store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    /// <summary>Only say what the driver's own bookkeeping has allocated to each writable layer; no file is looked at.</summary>
    [Parameter]
    public SwitchParameter Allocated { get; set; }

    private protected override void ProcessInput()
    {
        if (Name is null && Id is null && InputObject is null)
        {
            var all = AllContainers(out var store);
            if (store is null)
                return;
            if (Allocated)
                WriteObject(store.Containers.MeasureAllocated(all), enumerateCollection: true);
            else
                WriteEach(store.Containers.Measure(all, ReportUnmeasured, Cancellation));
        }
        else
            ForEachContainer(Name, Id, InputObject, (store, container) => WriteObject(
                Allocated ? store.Containers.MeasureAllocated([container]) : store.Containers.Measure(container.Id, Cancellation), enumerateCollection: true));
    }
}
