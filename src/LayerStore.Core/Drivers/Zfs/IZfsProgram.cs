namespace LayerStore.Drivers.Zfs;

/// <summary>zfs(8) or zpool(8).</summary>
internal interface IZfsProgram
{
    /// <summary>Runs it to its end. What it makes of its arguments is in the result, failure included.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ProgramMissing"/>.</exception>
    ZfsResult Run(params IReadOnlyList<string> arguments);
}
