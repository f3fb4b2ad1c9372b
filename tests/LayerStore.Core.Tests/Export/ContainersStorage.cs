using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>podman or buildah on a storage of a test's own.</summary>
internal sealed class ContainersStorage(string program, string root) : IDisposable
{
    // They refuse a longer path than 50 characters.
    private readonly string _place = Directory.CreateDirectory($"/var/tmp/layerstore-{Guid.NewGuid().ToString("N")[..8]}").FullName;

    /// <summary>A path for what they read and write: a layout's they take for a name, which has no upper-case letters.</summary>
    public string this[string name] => Path.Combine(_place, name.ToLowerInvariant());

    public string Run(params string[] arguments) => Command.Run(program, ["--root", root, "--runroot", Path.Combine(_place, "run"), "--storage-driver", "vfs", .. arguments]);

    public void Dispose() => TreeRemover.Remove(_place);
}
