using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

/// <summary>Two processes at once.</summary>
public abstract partial class StoreConformance
{
    [FileSystemFact]
    public void Two_processes_work_in_one_store_at_once_and_nothing_is_lost_or_doubled()
    {
        using var story = new PairStory(driver, fileSystem, rounds: DriverEnvironment.IsGuest ? 2 : 6);
        _home = story.DriverHome;
        story.Tell();
    }
}
