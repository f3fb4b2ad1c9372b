using Microsoft.Win32.SafeHandles;

namespace LayerStore.Containers.Copying;

/// <summary>A container's tree by its handle, mounted somewhere or nowhere.</summary>
/// <param name="root">The open root directory; owned from now on.</param>
/// <param name="close">What else must be undone when nobody uses it any more; null for nothing.</param>
internal sealed class ContainerTree(SafeFileHandle root, Action? close = null) : IDisposable
{
    /// <summary>The root directory.</summary>
    public SafeFileHandle Root => root;

    public void Dispose()
    {
        root.Dispose();
        close?.Invoke();
    }
}
