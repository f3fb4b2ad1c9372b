using System.Collections;
using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Makes a store with a driver and options of the user's choice; one that exists with the same driver is left as it is.</summary>
[Cmdlet(VerbsData.Initialize, "Storage", SupportsShouldProcess = true)]
[OutputType(typeof(StorageInfo))]
public sealed class InitializeStorageCommand : StoreCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("StorePath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public override string? Root { get; set; }

    /// <summary>The driver by Docker's name; without it the best that works on the root's file system.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DriverNameCompleter))]
    public string? Driver { get; set; }

    /// <summary>The driver's options by Docker's names, for example <c>@{ 'overlay2.size' = '10GB' }</c>.</summary>
    [Parameter]
    [Alias("DriverOption")]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(DriverOptionCompleter))]
    public IDictionary? Option { get; set; }

    /// <summary>Emit what Get-StorageInfo says of the store.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        var root = ResolveRoot();
        var defaults = DefaultsFor(root);
        var driver = Driver ?? defaults?.Driver;
        if (!ShouldProcess(root, driver is null ? "Initialize storage with the best driver" : $"Initialize storage with driver {driver}"))
            return;
        var store = Open(new StoreOptions { Root = root, Driver = Driver, DriverOptions = Options.From(Option), Defaults = defaults });
        WriteVerbose($"'{root}' uses the driver {store.Driver.Name}.");
        if (PassThru)
            WriteObject(store.GetInfo());
    }
}
