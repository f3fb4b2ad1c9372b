using System.Globalization;
using LayerStore.Drivers;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>Processes that are killed between any two steps of devicemapper's work.</summary>
[DriverEnvironment("devicemapper", "loop-lvm with ext4", InGuest = true), OnFileSystem(FileSystemKind.Ext4)]
public sealed class DeviceMapperRecoveryTests(LoopExt4Fixture fileSystem) : IClassFixture<LoopExt4Fixture>
{
    [FileSystemFact]
    public void A_set_up_that_is_killed_at_any_step_is_finished_by_the_next_opener()
    {
        var killed = 0;
        foreach (var step in Steps())
        {
            using var place = new TestDirectory(fileSystem.Path);
            var home = Path.Combine(place.Path, "devicemapper");
            bool died;
            try
            {
                died = Child.Run("devicemapper", home, step, "open", "ext4").ExitCode == 137;
                var driver = Open(home);
                driver.Prepare(LayerId.New(), LayerPurpose.Container, []);
                driver.Shutdown();
            }
            finally
            {
                fileSystem.Clean(home);
            }
            if (!died)
                break;
            killed++;
        }
        // The pool, the base device made and deleted, activated and taken down again: each before and after.
        Assert.InRange(killed, 10, 20);
    }

    [FileSystemFact]
    public void A_life_that_is_killed_at_any_step_leaves_nothing_that_cannot_be_removed_and_no_block_of_the_pool()
    {
        using var place = new TestDirectory(fileSystem.Path);
        var home = Path.Combine(place.Path, "devicemapper");
        var driver = Open(home);
        try
        {
            var empty = UsedData(driver);
            var killed = 0;
            foreach (var step in Steps())
            {
                var died = Child.Run("devicemapper", home, step, "life", "ext4").ExitCode == 137;
                driver = Open(home);
                foreach (var layer in driver.Enumerate().ToList())
                    driver.Remove(layer.Id);
                Assert.Empty(driver.Enumerate());
                Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home, "removing")));

                // The next creation undoes what was begun.
                var id = LayerId.New();
                driver.Prepare(id, LayerPurpose.Container, []);
                driver.Remove(id);
                Assert.True(empty == UsedData(driver), $"killed {step}: {UsedData(driver) - empty} bytes of the pool are lost");
                if (!died)
                    break;
                killed++;
            }
            Assert.InRange(killed, 20, 80);
        }
        finally
        {
            driver.Shutdown();
            fileSystem.Clean(home);
        }
    }

    private static IStorageDriver Open(string home) => DriverCatalog.Get("devicemapper").Open(home, LoopExt4Fixture.Options);

    private static long UsedData(IStorageDriver driver) => (long)driver.Status().Single(line => line.Name == "Data Space Used").Value;

    private static IEnumerable<string> Steps()
    {
        for (var i = 1; ; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"before {i}");
            yield return string.Create(CultureInfo.InvariantCulture, $"after {i}");
        }
    }
}
