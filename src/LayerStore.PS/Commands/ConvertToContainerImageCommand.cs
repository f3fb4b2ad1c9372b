using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Makes images of containers, as <c>docker commit</c>: what a container changed becomes a layer.</summary>
[Cmdlet(VerbsData.ConvertTo, "ContainerImage", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[Alias("Commit-Container")]
[OutputType(typeof(ContainerImage))]
public sealed class ConvertToContainerImageCommand : SelectContainerCommand
{
    /// <summary>Names of the new image; without any it has none.</summary>
    [Parameter(Position = 1)]
    [Alias("Tag")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageTagCompleter))]
    public string[]? Reference { get; set; }

    /// <summary>Who made it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Author { get; set; }

    /// <summary>What was done.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>Changes to the configuration, each as a line of a Dockerfile.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InstructionCompleter))]
    public string[]? Change { get; set; }

    /// <summary>Make one layer of everything, instead of one more on top of the container's image.</summary>
    [Parameter]
    public SwitchParameter Squash { get; set; }

    /// <summary>Remove the container when the image is made; its layer becomes the image's where the driver can do that.</summary>
    [Parameter]
    public SwitchParameter RemoveContainer { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() => ForEachContainer((store, container) =>
    {
        var name = Reference is null ? "an image without a name" : string.Join(", ", Reference.Select(Printable.Escape));
        var target = $"{container.Name} on {(container.Image.Length == 0 ? "nothing" : Printable.Escape(container.Image))}";
        if (!ShouldProcess(target, RemoveContainer ? $"Make {name} and remove the container" : $"Make {name}") || !ConfirmsRemoval(container))
            return;
        var options = new CommitOptions { References = Reference ?? [], Author = Author, Message = Message, Changes = Change ?? [], Squash = Squash, RemoveContainer = RemoveContainer };
        WriteObject(store.Containers.Commit(container.Id, options, Cancellation));
    });

    /// <summary>
    /// True where the user wants to lose the container. Losing one has a high impact, making an image has not, and a cmdlet has one impact for all that it does: whoever is asked only about what has a
    /// high impact is asked here.
    /// </summary>
    private bool ConfirmsRemoval(Container container) =>
        !RemoveContainer || MyInvocation.BoundParameters.ContainsKey("Confirm")
        || LanguagePrimitives.ConvertTo<ConfirmImpact>(GetVariableValue("ConfirmPreference")) != ConfirmImpact.High
        || ShouldContinue($"The container {container.Name} is removed when the image is made.", "Remove container");
}
