using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>podman or buildah on a storage of a test's own.</summary>
internal sealed class ContainersStorage(string program, string root) : IDisposable
{
    // They refuse a longer path than 50 characters.
    private readonly string _run = $"/var/tmp/layerstore-{Guid.NewGuid().ToString("N")[..8]}";

    public string Run(params string[] arguments) => Command.Run(program, ["--root", root, "--runroot", _run, "--storage-driver", "vfs", .. arguments]);

    public void Dispose() => TreeRemover.Remove(_run);
}
