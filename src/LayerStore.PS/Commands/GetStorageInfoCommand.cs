using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Says what <c>docker info</c> says of storage, also of a root that holds no store yet.</summary>
[Cmdlet(VerbsCommon.Get, "StorageInfo")]
[OutputType(typeof(StorageInfo))]
public sealed class GetStorageInfoCommand : StoreCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("StorePath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public override string? Root { get; set; }

    /// <summary>Say more: what the driver can do here, bytes of layers and containers, and the disk.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void ProcessInput()
    {
        var root = ResolveRoot();
        var info = Store.Describe(root, Detailed, DefaultsFor(root));
        foreach (var warning in info.Warnings)
            WriteVerbose(warning);
        WriteObject(info);
    }
}
