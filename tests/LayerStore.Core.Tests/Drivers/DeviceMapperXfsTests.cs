using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What devicemapper does of xfs alone.</summary>
[DriverEnvironment("devicemapper", "loop-lvm with xfs", InGuest = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class DeviceMapperXfsTests(LoopXfsFixture fileSystem) : IClassFixture<LoopXfsFixture>
{
    [FileSystemFact]
    public void How_often_xfs_tries_to_write_into_a_full_pool_can_be_said()
    {
        var options = fileSystem.NewOptions();
        options["dm.xfs_nospace_max_retries"] = "7";
        using (var play = new DriverPlayground("devicemapper", fileSystem.Path, options))
        {
            using var mount = play.Run().Mount;
            var device = Command.Run("findmnt", "-n", "-o", "MAJ:MIN", mount.Root).Trim().Split(':')[1];
            Assert.Equal("7", File.ReadAllText($"/sys/fs/xfs/dm-{device}/error/metadata/ENOSPC/max_retries").Trim());
        }
        fileSystem.Clean("");
    }
}
