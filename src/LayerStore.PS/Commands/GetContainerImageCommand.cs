using System.Collections;
using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Lists images, one object for each name as <c>docker image ls</c> shows them.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImage", DefaultParameterSetName = ReferenceSet)]
[OutputType(typeof(ContainerImage))]
public sealed class GetContainerImageCommand : ContainerImageCommand
{
    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over names and repositories; without any, every image.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Image")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The same, bound from the properties Reference, ImageId or Id of any object: of a container, its image.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId", "Id")]
    [AllowEmptyString]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Reference { get; set; }

    /// <summary>Images as they were, to see how they are now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[]? InputObject { get; set; }

    /// <summary>Only images that have no name.</summary>
    [Parameter]
    public SwitchParameter Dangling { get; set; }

    /// <summary>Only images with these labels, <c>name=value</c> or <c>name</c>.</summary>
    [Parameter]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public IDictionary? Label { get; set; }

    private protected override void ProcessInput()
    {
        // A container on nothing has no image; asking for it is no error.
        var names = (Name ?? Reference)?.Where(name => name.Length > 0).ToArray();
        if (names is null && InputObject is null)
            ForEach(AllImages(out _), Emit);
        else
            ForEachImage(names, InputObject, (_, image, _) => Emit(image));
    }

    private void Emit(ContainerImage image)
    {
        if ((!Dangling || image.References.Count == 0) && Labels.Match(image.Labels, Label))
            WriteObject(image);
    }
}
