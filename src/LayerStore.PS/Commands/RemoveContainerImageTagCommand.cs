using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Takes names from their images. The images stay, without a name if it was their last.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImageTag", DefaultParameterSetName = ReferenceSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class RemoveContainerImageTagCommand : ContainerImageCommand
{
    /// <summary>The rows of Get-ContainerImage whose names shall go.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[]? InputObject { get; set; }

    /// <summary>The names, or wildcards over names and repositories.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Tag")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageTagCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The names; bound from any object that has a property Reference.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageTagCompleter))]
    public string[]? Reference { get; set; }

    /// <summary>Emit the image as it is without the name.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        RequireTarget(InputObject, Name, Reference);
        ForEach(InputObject, image => Untag(RequireStore(ResolveRoot(image.Root), image.Reference), image.Reference));
        ForEach(Name ?? Reference, name =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var filter = new NameFilter(name);
                var all = AllImages(out var store);
                ForEach(all.Where(image => image.References.Count > 0 && filter.Matches(image)), image => Untag(store!, image.Reference));
            }
            else
                Untag(RequireStore(ResolveRoot(), name), name);
        });
    }

    private void Untag(Store store, string reference)
    {
        var image = store.Images.Get(reference);
        if (!ShouldProcess($"{Printable.Escape(reference)} ({ByteSize.Format(image.Size)})", "Remove name"))
            return;
        var untagged = store.Images.Untag(reference);
        if (PassThru)
            WriteObject(untagged);
    }
}
