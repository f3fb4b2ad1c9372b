using System.Management.Automation;
using LayerStore.PS.Completion;
using LayerStore.PS.Formatting;

namespace LayerStore.PS.Commands;

/// <summary>Lists read-only layers: all of a store, or those of an image, lowest first.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLayer", DefaultParameterSetName = ImageIdSet)]
[OutputType(typeof(ContainerLayer))]
public sealed class GetContainerLayerCommand : ContainerImageCommand
{
    private const string IdSet = "Id";
    private const string ImageSet = "Image";
    private const string ImageIdSet = "ImageId";

    private readonly List<ContainerLayer> _collected = [];

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
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? ImageId { get; set; }

    /// <summary>With ids: each layer with all that are below it, lowest first.</summary>
    [Parameter(ParameterSetName = IdSet)]
    public SwitchParameter Chain { get; set; }

    /// <summary>Only layers that nothing needs: those that were imported by themselves.</summary>
    [Parameter]
    public SwitchParameter Unreferenced { get; set; }

    /// <summary>Emits the layers in the order of their tree, with what draws it.</summary>
    [Parameter]
    public SwitchParameter Tree { get; set; }

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
                Emit(store.Layers.Chain(image.Id));
        });
    }

    private protected override void ProcessEnd()
    {
        foreach (var store in _collected.GroupBy(layer => layer.Root, StringComparer.Ordinal))
        {
            foreach (var (layer, branch, images) in LayerTree.Arrange(store, FindStore(store.Key)?.Layers.List() ?? []))
                WriteObject(AsNode(layer, branch, images));
        }
    }

    // The tree is known when all layers are.
    private void Emit(IEnumerable<ContainerLayer> layers)
    {
        if (Unreferenced)
            layers = layers.Where(layer => layer.RefCount == 0);
        if (Tree)
            _collected.AddRange(layers);
        else
            WriteObject(layers, enumerateCollection: true);
    }

    private static PSObject AsNode(ContainerLayer layer, string branch, string[] images)
    {
        var node = new PSObject(layer);
        node.TypeNames.Insert(0, "LayerStore.ContainerLayer#Tree");
        node.Properties.Add(new PSNoteProperty("Branch", branch));
        node.Properties.Add(new PSNoteProperty("EndOf", images));
        return node;
    }

    private void EmitById()
    {
        if (Id is null)
            Emit(AllItems(StoreItemKinds.Layer, out _));
        else
            ForEachItem(StoreItemKinds.Layer, null, null, Id, (store, layer, _) => Emit(Chain ? store.Layers.ChainTo(layer.Id) : [layer]));
    }
}
