using System.Management.Automation;

namespace LayerStore.PS.Commands;

/// <summary>Mounts containers, and says where their files are.</summary>
[Cmdlet(VerbsData.Mount, "Container", DefaultParameterSetName = IdSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerMount))]
public sealed class MountContainerCommand : SelectContainerCommand
{
    /// <summary>Where to mount; without it a directory inside the store.</summary>
    [Parameter(Position = 1)]
    [Alias("MountPoint")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Let every write fail.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    private protected override bool ChangesStore => true;

    private protected override void ProcessInput()
    {
        var path = Path is null ? null : ResolveFilePath(Path);
        ForEachContainer((store, container) =>
        {
            var target = $"{container.Name} on {Printable.Escape(container.Image.Length == 0 ? "nothing" : container.Image)}";
            if (ShouldProcess(target, path is null ? "Mount container" : $"Mount container at {Printable.Escape(path)}"))
                WriteObject(store.Containers.Mount(container.Id, path, ReadOnly));
        });
    }
}
