using System.Collections;
using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;
using LayerStore.Registries;

namespace LayerStore.PS.Commands;

/// <summary>Pulls images from registries, as <c>docker pull</c>.</summary>
[Cmdlet(VerbsLifecycle.Request, "ContainerImage", SupportsShouldProcess = true)]
[Alias("Pull-ContainerImage")]
[OutputType(typeof(ContainerImage))]
public sealed class RequestContainerImageCommand : StoreCommand
{
    /// <summary>The images by Docker's grammar, with a tag or a digest.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "Image", "Tag")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageTagCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The platform to take from an index, for example <c>linux/arm64/v8</c>; without it this machine's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>When the registry is asked: each time, or only for images that the store lacks.</summary>
    [Parameter]
    public PullPolicy Policy { get; set; }

    /// <summary>Who asks; without it what podman's and docker's files have for the registry.</summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Registries with the same images, to be tried first: <c>host[:port][/prefix]</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MirrorCompleter))]
    public string[]? Mirror { get; set; }

    /// <summary>A PEM file of authorities to trust besides the system's.</summary>
    [Parameter]
    [Alias("CA")]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <summary>Accept certificates that nobody vouches for, and plain HTTP.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <summary>What one layer may ask of the machine, as for Import-ContainerImage.</summary>
    [Parameter]
    [ValidateNotNull]
    [NameValueTransformation]
    [ArgumentCompleter(typeof(LimitCompleter))]
    public Hashtable? Limit { get; set; }

    /// <summary>Keep the layers' compressed blobs besides, so that pushing and exporting them compresses nothing again.</summary>
    [Parameter]
    public SwitchParameter KeepCompressed { get; set; }

    /// <summary>How many layers are worked on at once; without it four, or as many as there are processors.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        RequireTarget(Name);
        var root = ResolveRoot();
        var authority = CertificateAuthority is null ? null : ResolveFilePath(CertificateAuthority);
        var options = new ImportOptions { Platform = Platform, Limits = LimitsFrom(Limit), Parallelism = ThrottleLimit, KeepCompressed = KeepCompressed };
        ForEach(Name, name =>
        {
            var parsed = ImageReference.Parse(name);
            var reference = parsed.Familiar;
            if (Policy == PullPolicy.Missing && FindStore(root)?.Registries.FindPresent(reference, Platform) is { } present)
            {
                WriteVerbose($"{reference} is here already ({present.Id}).");
                WriteObject(present);
                return;
            }
            if (!ShouldProcess(Printable.Escape(reference), $"Pull image into {Printable.Escape(root)}"))
                return;
            var registry = Registries.Options(Credential, IsGiven(nameof(AllowInsecure)) ? AllowInsecure : null, authority, RegistriesFor(parsed.Domain, Mirror), Mirror);
            var store = OpenOrCreateStore(root);
            var board = new ImportProgressBoard(reference, "Pulling");
            var image = RunWithProgress(board, () => store.Registries.Pull(reference, registry, options, board, Cancellation));
            WriteVerbose($"Pulled {image.Reference} ({image.Digest}): {image.LayerCount} layers, {ByteSize.Format(image.Size)}.");
            WriteObject(image);
        });
    }
}
