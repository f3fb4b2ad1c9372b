using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS;

/// <summary>An image cmdlet that must be told which images.</summary>
public abstract class SelectImageCommand : ContainerImageCommand
{
    /// <summary>The images as the pipeline brings them; each is looked for in its own store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[]? InputObject { get; set; }

    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over names and repositories.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Image")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Names or ids; bound from the properties Reference, ImageId or Id of any object.</summary>
    [Parameter(ParameterSetName = ReferenceSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId", "Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Reference { get; set; }

    private protected void ForEachImage(Action<Store, ContainerImage, string> action)
    {
        RequireTarget(Name, Reference, InputObject);
        ForEachImage(Name ?? Reference, InputObject, action);
    }
}
