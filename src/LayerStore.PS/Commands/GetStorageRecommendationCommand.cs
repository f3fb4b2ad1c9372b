using System.Management.Automation;
using LayerStore.PS.Completion;
using LayerStore.Recommendation;

namespace LayerStore.PS.Commands;

/// <summary>Ranks the storage drivers for a workload, with what speaks for and against each.</summary>
[Cmdlet(VerbsCommon.Get, "StorageRecommendation")]
[OutputType(typeof(DriverRecommendation))]
public sealed class GetStorageRecommendationCommand : StoreCommand
{
    /// <inheritdoc/>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("StorePath", "Path")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public override string? Root { get; set; }

    /// <summary>What the store is mainly used for.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public StorageWorkload Workload { get; set; } = StorageWorkload.Balanced;

    /// <summary>For a store that an ordinary user shall use, whoever asks.</summary>
    [Parameter]
    public SwitchParameter Rootless { get; set; }

    /// <summary>Also rank drivers that cannot be used here, with what they lack.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override void ProcessInput() =>
        WriteObject(DriverRecommender.Recommend(ResolveRoot(), Workload, Rootless).Where(driver => driver.Supported || All), enumerateCollection: true);
}
