using System.Collections;
using System.Management.Automation;
using LayerStore.Containers;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Makes a container: a writable layer on top of an image, or on nothing.</summary>
[Cmdlet(VerbsCommon.New, "Container", DefaultParameterSetName = ImageSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class NewContainerCommand : ContainerImageCommand
{
    private const string ImageSet = "Image";
    private const string EmptySet = "Empty";

    /// <summary>The image as the pipeline brings it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage? InputObject { get; set; }

    /// <summary>The image by name, id or unique prefix of its id; also bound from the properties Image, Reference, ImageId or Id of any object.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ImageSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "ImageId", "Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Image { get; set; }

    /// <summary>Make the container on nothing: its root is an empty directory.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EmptySet)]
    public SwitchParameter Empty { get; set; }

    /// <summary>The name; without it one is made up.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Labels, <c>@{ name = 'value' }</c> or <c>name=value</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public IDictionary? Label { get; set; }

    /// <summary>
    /// What the container has at paths of its own, as <c>docker create -v</c>: <c>name:/path</c> a volume, <c>/directory:/path</c> a directory of this machine, <c>/path</c> a volume without a name; each with
    /// <c>:ro</c>, and volumes with <c>:nocopy</c>.
    /// </summary>
    [Parameter]
    [Alias("Volume")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MountCompleter))]
    public string[]? Mount { get; set; }

    /// <summary>The most that the writable layer may take: bytes, or a text such as 10G; without it the limit of the driver's own option, if any.</summary>
    /// <remarks>Never bound by property name: an image's own size has that name.</remarks>
    [Parameter]
    [SizeTransformation]
    [ValidateRange(1, long.MaxValue)]
    public long? Size { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        var root = ResolveRoot(InputObject?.Root);
        ContainerImage? image = null;
        if (!Empty)
        {
            var store = RequireStore(root, InputObject?.Reference ?? Image!);
            image = InputObject is null ? store.Images.Get(Image!) : Current(store, InputObject);
        }
        var target = image is null
            ? $"{Name ?? "(generated name)"} on nothing (0B)"
            : $"{Name ?? "(generated name)"} on {Printable.Escape(image.Reference)} (virtual {ByteSize.Format(image.Size)})";
        if (!ShouldProcess(target, "New container"))
            return;
        WriteObject(OpenOrCreateStore(root).Containers.Create(new ContainerOptions
        {
            Image = image is null ? null : Selector(image),
            Name = Name,
            Size = Size,
            Mounts = [.. (Mount ?? []).Select(Resolve)],
            Labels = Labels.From(Label),
        }));
    }

    /// <summary>A directory of this machine may be written relative to PowerShell's location, or by its home.</summary>
    private string Resolve(string mount)
    {
        var colon = mount.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && mount[0] is '.' or '~' ? ResolveFilePath(mount[..colon]) + mount[colon..] : mount;
    }

    /// <summary>The name where there is one, since the container shall show it; what the user typed where that is an id.</summary>
    private static string Selector(ContainerImage image) => image.References.Count == 0 ? image.Id : image.Reference;
}
