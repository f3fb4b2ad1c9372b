using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Undoes mounts of containers; the last one unmounts.</summary>
[Cmdlet(VerbsData.Dismount, "Container", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class DismountContainerCommand : ContainerCommand
{
    /// <summary>The containers as the pipeline brings them; mounts are taken by their Id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over the names of mounted containers.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids; bound from any object that has a property of that name, for example the output of Mount-Container.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Undo every mount of the container; without a container, of all containers.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Emit the containers.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        if (Name is null && Id is null && InputObject is null)
        {
            RequireTarget(All ? true : null);
            var all = AllContainers(out var store);
            ForEach(all.Where(IsMounted), container => Dismount(store!, container));
            return;
        }
        // A pattern means what is mounted; a name that is not mounted is an error.
        ForEachContainer(
            Name, Id, InputObject, (store, container) =>
            {
                if (IsMounted(container) || !IsPattern())
                    Dismount(store, container);
            });
    }

    private bool IsPattern() => Name is not null && Name.All(WildcardPattern.ContainsWildcardCharacters);

    private static bool IsMounted(Container container) => container.MountCount > 0;

    private void Dismount(Store store, Container container)
    {
        if (!ShouldProcess($"{container.Name} at {Printable.Escape(container.MountPath ?? "(not mounted)")}", "Dismount container"))
            return;
        var dismounted = store.Containers.Dismount(container.Id, All);
        if (PassThru)
            WriteObject(dismounted);
    }
}
