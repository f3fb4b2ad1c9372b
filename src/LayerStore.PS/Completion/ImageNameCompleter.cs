using LayerStore.PS.Formatting;

namespace LayerStore.PS.Completion;

/// <summary>Completes names of images, newest first, and short ids.</summary>
public class ImageNameCompleter : StoreCompleter
{
    /// <summary>True where short ids make sense for the parameter.</summary>
    private protected virtual bool OffersIds => true;

    private protected sealed override IEnumerable<Candidate> Candidates(StoreIndex index, CompletionContext context)
    {
        var images = index.Images();
        var names = images.Where(image => image.References.Count > 0).Select(image => new Candidate(image.Reference, Describe(image)));
        return OffersIds ? names.Concat(images.Select(image => new Candidate(DockerText.ShortId(image.Id), Describe(image), IsId: true))) : names;
    }

    private static string Describe(ContainerImage image) =>
        $"{image.Reference}: {ByteSize.Format(image.Size)} in {image.LayerCount} layers, {DockerText.Age(image.Created)}";
}
