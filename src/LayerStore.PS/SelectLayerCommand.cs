using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS;

/// <summary>A layer cmdlet that must be told which layers.</summary>
public abstract class SelectLayerCommand : StoreCommand
{
    private protected const string IdSet = "Id";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>The layers as the pipeline brings them; each is looked for in its own store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerLayer[]? InputObject { get; set; }

    /// <summary>Layer ids, unique prefixes of them, DiffIDs or chain ids, or wildcards over ids; bound from the properties Id, or LayerId, of any object.</summary>
    [Parameter(Position = 0, ParameterSetName = IdSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LayerId")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LayerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Calls <paramref name="action"/> for each layer that the bound parameters mean, one by one.</summary>
    private protected void ForEachLayer(Action<Store, ContainerLayer> action)
    {
        RequireTarget(Id, InputObject);
        ForEachItem(StoreItemKinds.Layer, InputObject, null, Id, (store, layer, _) => action(store, layer));
    }
}
