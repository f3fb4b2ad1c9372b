using System.Collections;
using System.Management.Automation;
using LayerStore.PS.Completion;
using LayerStore.PS.Formatting;

namespace LayerStore.PS.Commands;

/// <summary>Lists containers, newest first, as <c>docker ps -a</c>; with -Size as <c>docker ps -as</c>.</summary>
[Cmdlet(VerbsCommon.Get, "Container", DefaultParameterSetName = IdSet)]
[OutputType(typeof(Container))]
public sealed class GetContainerCommand : ContainerCommand
{
    private readonly List<(Store Store, Container Container)> _toMeasure = [];
    private int _emitted;

    /// <summary>Names, full ids, unique prefixes of ids, or wildcards over names; without any, every container.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids; bound from any object that has a property of that name.</summary>
    [Parameter(ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Containers as they were, to see how they are now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    /// <summary>Only containers in these states.</summary>
    [Parameter]
    [ValidateSet("Created", "Mounted")]
    public string[]? State { get; set; }

    /// <summary>Only containers on these images, by name, repository, id, prefix of the id, or wildcard.</summary>
    [Parameter]
    [Alias("Ancestor")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Image { get; set; }

    /// <summary>Only containers with these labels, <c>name=value</c> or <c>name</c>.</summary>
    [Parameter]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabelCompleter))]
    public IDictionary? Label { get; set; }

    /// <summary>Measure the containers too: SizeRw and SizeRootFs, and the column SIZE.</summary>
    [Parameter]
    public SwitchParameter Size { get; set; }

    /// <summary>Only so many, the newest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    private protected override void ProcessInput()
    {
        if (Name is null && Id is null && InputObject is null)
        {
            var all = AllContainers(out var store);
            ForEach(all, container => Take(store!, container));
        }
        else
            ForEachContainer(Name, Id, InputObject, Take);
        EmitMeasured();
    }

    private void Take(Store store, Container container)
    {
        if (_emitted >= Last || !IsWanted(container))
            return;
        _emitted++;
        // Sizes are measured in groups, since the library does so on all processors.
        if (Size)
            _toMeasure.Add((store, container));
        else
            WriteObject(container);
    }

    private void EmitMeasured()
    {
        foreach (var group in _toMeasure.GroupBy(item => item.Store))
            WriteEach(MeasuredContainer.Measure(group.Key, [.. group.Select(item => item.Container)], ReportUnmeasured, Cancellation));
        _toMeasure.Clear();
    }

    private bool IsWanted(Container container) =>
        (State is null || State.Contains(container.State, StringComparer.OrdinalIgnoreCase))
        && (Image is null || Array.Exists(Image, image => IsOn(container, image)))
        && Labels.Match(container.Labels, Label);

    private static bool IsOn(Container container, string image)
    {
        if (WildcardPattern.ContainsWildcardCharacters(image))
            return new NameFilter(image).Matches(container.Image);
        const string Algorithm = "sha256:";
        var id = image.StartsWith(Algorithm, StringComparison.Ordinal) ? image : Algorithm + image;
        return container.Image == image
            || container.Image.StartsWith(image + ":", StringComparison.Ordinal)
            || (container.ImageId.Length > 0 && id.Length > Algorithm.Length && container.ImageId.StartsWith(id, StringComparison.Ordinal));
    }
}
