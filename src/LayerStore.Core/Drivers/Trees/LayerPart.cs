using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>One layer's share of a merged directory.</summary>
/// <param name="Directory">The directory in that layer.</param>
/// <param name="Format">How deletions stand in it; null for a plain tree, which has none.</param>
/// <param name="Layer">The layer's place in the stack, 0 on top.</param>
internal readonly record struct LayerPart(TreeDirectory Directory, LayerFormat? Format, int Layer);
