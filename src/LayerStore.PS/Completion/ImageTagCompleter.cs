namespace LayerStore.PS.Completion;

/// <summary>Completes names of images, without ids.</summary>
public sealed class ImageTagCompleter : ImageNameCompleter
{
    private protected override bool OffersIds => false;
}
