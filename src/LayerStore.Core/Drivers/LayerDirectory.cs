using LayerStore.Drivers.Trees;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers;

/// <summary>A layer's directory, open for reading.</summary>
/// <param name="handle">The directory; owned from now on.</param>
/// <param name="close">What else must be undone when nobody reads any more: a mount. Null for nothing.</param>
public sealed class LayerDirectory(SafeFileHandle handle, Action? close = null) : IDisposable
{
    /// <summary>The open directory.</summary>
    public SafeFileHandle Handle => handle;

    /// <summary>How deletions stand in it; null where it is the layer's whole tree, its parents included, which has none.</summary>
    internal LayerFormat? Format { get; init; }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        handle.Dispose();
        close?.Invoke();
    }
}
