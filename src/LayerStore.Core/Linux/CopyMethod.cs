namespace LayerStore.Linux;

/// <summary>How file contents are copied, best first.</summary>
internal enum CopyMethod
{
    /// <summary>FICLONE: the blocks are shared until one side writes.</summary>
    Clone,

    /// <summary>copy_file_range(2).</summary>
    InKernel,

    /// <summary>read(2) and write(2).</summary>
    ReadWrite,
}
