using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Compares what two layers or images show.</summary>
[Cmdlet(VerbsData.Compare, "ContainerLayer")]
[OutputType(typeof(LayerDifference))]
public sealed class CompareContainerLayerCommand : StoreCommand
{
    /// <summary>The layer or image that is compared with.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("ReferenceLayer", "ReferenceImage")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Reference { get; set; } = "";

    /// <summary>The layers or images that are compared; bound from the properties Id, or LayerId, of any object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("DifferenceLayer", "DifferenceImage", "Id", "LayerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Difference { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput() => ForEach(Difference, difference =>
    {
        var root = ResolveRoot();
        var store = FindStore(root) ?? throw new StoreException(
            ErrorIds.LayerNotFound, StoreErrorKind.NotFound, difference,
            $"There is no layer '{Printable.Escape(difference)}': '{Printable.Escape(root)}' holds no store.",
            "Give the root of the right store with -Root, or import an image with Import-ContainerImage.");
        WriteObject(store.Layers.Compare(Reference, difference, Cancellation), enumerateCollection: true);
    });
}
