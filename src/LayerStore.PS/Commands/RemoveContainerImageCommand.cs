using System.Management.Automation;
using LayerStore.Images;
using LayerStore.PS.Progress;

namespace LayerStore.PS.Commands;

/// <summary>Removes images as <c>docker rmi</c>: a name goes, and with the last name the image and every layer that nothing else needs.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", DefaultParameterSetName = ReferenceSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(RemovedItem))]
public sealed class RemoveContainerImageCommand : SelectImageCommand
{
    /// <summary>By id: remove the image also where it has several names. Never where a container uses it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit what was untagged and deleted.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        // A pattern may meet an image under each of its names; with the last one it is gone.
        ForEachImage((store, image, selector) =>
        {
            if (!ShouldProcess(Describe(image, selector), "Remove image"))
                return;
            var removed = RunWithProgress(WorkBoard.OfRemoval(selector), () => store.Images.Remove(selector, Force));
            foreach (var item in removed)
                WriteVerbose($"{item.Kind}: {Printable.Escape(item.Id)}");
            if (PassThru)
                WriteObject(removed, enumerateCollection: true);
        });
    }

    private static string Describe(ContainerImage image, string selector) =>
        $"{Printable.Escape(selector)} ({ByteSize.Format(image.Size)} in {image.LayerCount} layers)";
}
