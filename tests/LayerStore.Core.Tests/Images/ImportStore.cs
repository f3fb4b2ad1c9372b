using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>A store of a test's own, which can say whether anything in it changed.</summary>
internal sealed class ImportStore : IDisposable
{
    private readonly TestDirectory _directory;

    public ImportStore(string? driver = null, string? parent = null, DriverOptions? options = null)
    {
        _directory = new TestDirectory(parent);
        Root = _directory["root"];
        Store = Store.Open(new StoreOptions { Root = Root, Driver = driver, DriverOptions = options });
    }

    public Store Store { get; }

    public string Root { get; }

    /// <summary>A path outside the store, removed with it.</summary>
    public string this[string name] => _directory[name];

    public IReadOnlyList<ContainerImage> Import(string path, ImportOptions? options = null, IProgress<ImportProgress>? progress = null) =>
        [.. Store.Images.Import(path, options ?? new ImportOptions(), progress)];

    public ContainerImage Import(ImageBuilder image, ImportOptions? options = null, IProgress<ImportProgress>? progress = null)
    {
        image.WriteDockerArchive(this["image.tar"]);
        return Import(this["image.tar"], options, progress).Single();
    }

    /// <summary>Runs an import that must fail, and checks that it left nothing: no row, no directory, no temporary file.</summary>
    public StoreException ImportFails(string path, string errorId, ImportOptions? options = null)
    {
        var before = Traces();
        var error = Assert.Throws<StoreException>(() => Import(path, options));
        Assert.True(error.ErrorId == errorId, $"expected {errorId}, got {error.ErrorId}: {error.Message}");
        Assert.Equal(before, Traces());
        Assert.NotEmpty(error.RecommendedAction);
        Assert.DoesNotContain(error.Message, character => char.IsControl(character));
        return error;
    }

    /// <summary>Everything that the store holds: rows, and files that are not the database's own.</summary>
    public IReadOnlyList<string> Traces() =>
    [
        .. Store.Images.List().Select(image => $"image {image.Id} {image.Reference}"),
        .. Store.Metadata.Layers.AllIds().Select(id => $"layer row {id}").Order(),
        .. Store.Driver.Enumerate().Select(layer => $"layer on disk {layer.Id}").Order(),
        .. Directory.EnumerateFileSystemEntries(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(path => !Path.GetFileName(path).StartsWith(StoreRoot.DatabaseName, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }
}
