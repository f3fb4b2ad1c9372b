using Microsoft.Win32.SafeHandles;

namespace LayerStore.Archives;

/// <summary>Where a layer goes: an empty private directory (mode 0700, nobody else knows it), by its handle.</summary>
/// <param name="Directory">The open directory; owned by whoever opened it.</param>
/// <param name="DisplayPath">Its path, for messages only.</param>
/// <param name="Dialect">How deletions are written into it.</param>
/// <param name="RecordOverrides">
/// True where the process may not change owners or make device nodes: what it could not do is then recorded in the extended attribute
/// <c>user.containers.override_stat</c> (containers/storage's format <c>uid:gid:mode:type</c>).
/// </param>
public sealed record ExtractionTarget(SafeFileHandle Directory, string DisplayPath, WhiteoutDialect Dialect, bool RecordOverrides)
{
    /// <summary>The file that the layer's tar-split is written to, beside the directory; null where nobody wants one.</summary>
    public string? TarSplitPath { get; init; }
}
