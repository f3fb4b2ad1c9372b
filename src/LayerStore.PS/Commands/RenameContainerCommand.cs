using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Gives a container another name.</summary>
[Cmdlet(VerbsCommon.Rename, "Container", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RenameContainerCommand : ContainerCommand
{
    /// <summary>The container as the pipeline brings it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container? InputObject { get; set; }

    /// <summary>The container's name, full id, or unique prefix of its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string? Name { get; set; }

    /// <summary>The id; bound from any object that has a property of that name.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string? Id { get; set; }

    /// <summary>The new name: letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, at least two, the first a letter or digit.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Emit the container under its new name.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        RequireTarget(InputObject, Name, Id);
        // One container gets one name: a pattern is no way to say which.
        ForEachContainer(null, (Name ?? Id) is { } name ? [name] : null, InputObject is null ? null : [InputObject], Rename);
    }

    private void Rename(Store store, Container container)
    {
        if (!ShouldProcess(container.Name, $"Rename container to {Printable.Escape(NewName)}"))
            return;
        var renamed = store.Containers.Rename(container.Id, NewName!);
        if (PassThru)
            WriteObject(renamed);
    }
}
