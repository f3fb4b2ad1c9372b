namespace LayerStore.Images.Formats;

/// <summary>What an entry of an outer archive is.</summary>
internal enum TarIndexKind
{
    File,
    HardLink,
    SymbolicLink,
    Other,
}
