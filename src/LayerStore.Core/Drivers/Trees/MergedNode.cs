using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>What a stack of layers shows at one name.</summary>
/// <param name="Data">What statx(2) says of the uppermost one, which is the one that shows.</param>
/// <param name="Source">The directory that has it, in its layer.</param>
/// <param name="Name">Its name.</param>
/// <param name="Directory">What is merged below it; null where it is no directory.</param>
internal sealed record MergedNode(StatxData Data, LayerPart Source, byte[] Name, MergedDirectory? Directory);
