using System.Management.Automation;
using LayerStore.Archives;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;
using LayerStore.Registries;

namespace LayerStore.PS.Commands;

/// <summary>Pushes images to registries, as <c>docker push</c>.</summary>
[Cmdlet(VerbsLifecycle.Submit, "ContainerImage", DefaultParameterSetName = ReferenceSet, SupportsShouldProcess = true)]
[Alias("Push-ContainerImage")]
[OutputType(typeof(ContainerImage))]
public sealed class SubmitContainerImageCommand : SelectImageCommand
{
    /// <summary>The name at the registry, with a tag; without it the image's own.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageTagCompleter))]
    public string? Destination { get; set; }

    /// <summary>How layers are compressed that the registry does not have yet; without it as the image came, and gzip where nothing says.</summary>
    [Parameter]
    public CompressionKind? Compression { get; set; }

    /// <summary>Who pushes; without it what podman's and docker's files have for the registry.</summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>A PEM file of authorities to trust besides the system's.</summary>
    [Parameter]
    [Alias("CA")]
    [ValidateNotNullOrEmpty]
    public string? CertificateAuthority { get; set; }

    /// <summary>Accept certificates that nobody vouches for, and plain HTTP.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <summary>How many layers are worked on at once; without it four, or as many as there are processors.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        var authority = CertificateAuthority is null ? null : ResolveFilePath(CertificateAuthority);
        var options = new PushOptions { Compression = Compression, Parallelism = ThrottleLimit };
        ForEachImage((store, image, selector) =>
        {
            var target = Destination ?? image.Reference;
            if (!ShouldProcess($"{Printable.Escape(image.Reference)} ({ByteSize.Format(image.Size)})", $"Push image to {Printable.Escape(target)}"))
                return;
            var configured = RegistriesFor(ImageReference.Parse(target).Domain, mirrors: []);
            var registry = PS.Registries.Options(Credential, IsGiven(nameof(AllowInsecure)) ? AllowInsecure : null, authority, configured);
            var board = new PushProgressBoard(target);
            var pushed = RunWithProgress(board, () => store.Registries.Push(selector, Destination, registry, options, board, Cancellation));
            WriteVerbose($"Pushed {pushed.Reference}: {pushed.Digest}.");
            WriteObject(pushed);
        });
    }
}
