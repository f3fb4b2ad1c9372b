using LayerStore.Drivers;
using LayerStore.Drivers.Trees;

namespace LayerStore.Layers;

/// <summary>A layer with all that is below it, as a mount would show it, read without one. Whoever changes it meanwhile changes what is read.</summary>
internal sealed class MergedTree : IDisposable
{
    private readonly List<LayerDirectory> _directories = [];

    /// <summary>Opens a layer's tree.</summary>
    /// <param name="driver">Whose layer.</param>
    /// <param name="id">The layer; writable or committed.</param>
    /// <param name="parents">The layers below, nearest first, down to the first that hides what is below it.</param>
    public MergedTree(IStorageDriver driver, LayerId id, IReadOnlyList<LayerId> parents)
    {
        try
        {
            _directories.Add(driver.OpenContents(id));
            if (_directories[0].Format is not null)
                _directories.AddRange(parents.Select(driver.OpenContents));
        }
        catch
        {
            Dispose();
            throw;
        }
        Stack = new LayerStack(_directories);
    }

    /// <summary>What is there.</summary>
    public LayerStack Stack { get; }

    public void Dispose() => _directories.ForEach(directory => directory.Dispose());
}
