namespace LayerStore.Linux;

/// <summary>Which of the kernel's interfaces mounts an overlay.</summary>
internal enum MountInterface
{
    /// <summary>The new one where the kernel has it with <c>lowerdir+</c> (found out by trying), else the old one.</summary>
    Automatic,

    /// <summary>fsopen(2) and its family only.</summary>
    Contexts,

    /// <summary>mount(2) only, whose options must fit into one page.</summary>
    Classic,
}
