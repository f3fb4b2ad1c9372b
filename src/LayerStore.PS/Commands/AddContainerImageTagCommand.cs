using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Gives an image one more name, as <c>docker tag</c>; a name that another image has moves.</summary>
[Cmdlet(VerbsCommon.Add, "ContainerImageTag", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[Alias("Tag-ContainerImage")]
[OutputType(typeof(ContainerImage))]
public sealed class AddContainerImageTagCommand : ContainerImageCommand
{
    private const string IdSet = "Id";

    /// <summary>The images as the pipeline brings them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage? InputObject { get; set; }

    /// <summary>The image by name, id or unique prefix of its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Image")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Name { get; set; }

    /// <summary>The image's id; bound from any object that has the property ImageId or Id.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Id { get; set; }

    /// <summary>The new names, for example <c>registry.example.com/team/app:1.2</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Reference")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageTagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>Emit the image under its new name.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        RequireTarget(InputObject, Name, Id);
        var store = RequireStore(ResolveRoot(InputObject?.Root), InputObject?.Reference ?? Name ?? Id!);
        var image = InputObject is null ? store.Images.Get(Name ?? Id!) : Current(store, InputObject);
        ForEach(Tag, tag =>
        {
            if (!ShouldProcess($"{Printable.Escape(image.Reference)} ({ByteSize.Format(image.Size)})", $"Add name {Printable.Escape(tag)}"))
                return;
            var tagged = store.Images.Tag(image.Id, tag);
            if (PassThru)
                WriteObject(tagged);
        });
    }
}
