using LayerStore.Images;
using LayerStore.Registries;
using LayerStore.Tests.Images;

namespace LayerStore.Tests.Registries;

/// <summary>A store that pulls and pushes, without the credentials and certificates of whoever runs the tests.</summary>
internal sealed class RegistryStore : IDisposable
{
    private readonly ImportStore _store = new("vfs");

    /// <summary>What every call starts from: nobody's files, short waits.</summary>
    public static RegistryOptions Options { get; } = new()
    {
        CredentialFiles = [],
        CertificateDirectories = [],
        RetryDelay = TimeSpan.FromMilliseconds(5),
        IdleTimeout = TimeSpan.FromSeconds(10),
    };

    public Store Store => _store.Store;

    public string this[string name] => _store[name];

    public ContainerImage Import(Support.ImageBuilder image) => _store.Import(image);

    public ContainerImage Pull(string reference, RegistryOptions? registry = null, ImportOptions? options = null, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default) =>
        Store.Registries.Pull(reference, registry ?? Options, options ?? new ImportOptions(), progress, cancellation);

    public ContainerImage Push(string image, string? destination = null, PushOptions? options = null, RegistryOptions? registry = null, IProgress<PushProgress>? progress = null, CancellationToken cancellation = default) =>
        Store.Registries.Push(image, destination, registry ?? Options, options ?? new PushOptions(), progress, cancellation);

    /// <summary>A pull that must fail, say what, and leave nothing.</summary>
    public StoreException PullFails(string reference, string errorId, RegistryOptions? registry = null, ImportOptions? options = null)
    {
        var before = _store.Traces();
        var error = Assert.Throws<StoreException>(() => Pull(reference, registry, options));
        Assert.True(error.ErrorId == errorId, $"expected {errorId}, got {error.ErrorId}: {error.Message}");
        Assert.Equal(before, _store.Traces());
        Assert.NotEmpty(error.RecommendedAction);
        Assert.NotNull(error.Target);
        Assert.DoesNotContain(error.Message, character => char.IsControl(character));
        return error;
    }

    public IReadOnlyList<string> Traces() => _store.Traces();

    public void Dispose() => _store.Dispose();
}
