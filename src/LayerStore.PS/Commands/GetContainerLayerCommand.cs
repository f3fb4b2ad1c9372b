using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Lists read-only layers: all of a store, or those of an image, lowest first.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLayer", DefaultParameterSetName = ImageIdSet)]
[OutputType(typeof(ContainerLayer))]
public sealed class GetContainerLayerCommand : ContainerImageCommand
{
    private const string IdSet = "Id";
    private const string ImageSet = "Image";
    private const string ImageIdSet = "ImageId";

    /// <summary>Layer ids, unique prefixes of them, DiffIDs or chain ids, or wildcards over ids; without any, every layer.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdSet, ValueFromPipeline = true)]
    [Alias("LayerId")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LayerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>The images whose layers to list, by name, id or wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Image { get; set; }

    /// <summary>The images as the pipeline brings them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[]? InputObject { get; set; }

    /// <summary>Image ids or names; bound from the properties ImageId or Reference of any object: of a container, its image.</summary>
    [Parameter(ParameterSetName = ImageIdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference")]
    [AllowEmptyString]
    public string[]? ImageId { get; set; }

    private protected override void ProcessInput()
    {
        if (Image is null && ImageId is null && InputObject is null)
        {
            EmitById();
            return;
        }
        // A container on nothing has no layers but its own.
        var names = (Image ?? ImageId)?.Where(name => name.Length > 0).ToArray();
        var shown = new HashSet<(Store, string)>();
        ForEachImage(names, InputObject, (store, image, _) =>
        {
            // Several names of one image are one chain of layers.
            if (shown.Add((store, image.Id)))
                WriteObject(store.Layers.Chain(image.Id), enumerateCollection: true);
        });
    }

    private void EmitById()
    {
        var root = ResolveRoot();
        var store = FindStore(root);
        if (Id is null)
        {
            WriteObject(store?.Layers.List() ?? [], enumerateCollection: true);
            return;
        }
        ForEach(Id, id =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(id))
            {
                var filter = new NameFilter(id);
                ForEach(store?.Layers.List().Where(layer => filter.Matches(layer.Id)), WriteObject);
                return;
            }
            if (store is null)
                throw new StoreException(
                    ErrorIds.LayerNotFound, StoreErrorKind.NotFound, id,
                    $"There is no layer '{Printable.Escape(id)}': '{Printable.Escape(root)}' holds no store.",
                    "Give the root of the right store with -Root.");
            WriteObject(store.Layers.Get(id));
        });
    }
}
