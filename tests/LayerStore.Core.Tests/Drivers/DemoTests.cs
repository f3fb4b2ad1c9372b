using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>The demo on the drivers that the host's kernel lacks: the same story, and the sizes of ten containers are those that docker ps -s showed.</summary>
public abstract class DemoTests(string driver, FileSystemFixture fileSystem, string? option = null)
{
    // Below each other, so that a failure shows what the demo said last.
    private const int LinesShown = 40;

    [FileSystemFact]
    public void The_demo_goes_through_and_all_sizes_are_those_of_docker()
    {
        using var place = new TestDirectory(fileSystem.Path);
        try
        {
            var (code, output) = DemoStory.Run(driver, place.Path, option);
            AssertEnded(code, output);
            Assert.Contains("10 of 10 sizes are docker's, to the byte.", output, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(place.Path));
        }
        finally
        {
            fileSystem.Clean(place.Path);
        }
    }

    [FileSystemFact]
    public void The_cmdlets_do_what_they_do_on_every_driver()
    {
        using var place = new TestDirectory(fileSystem.Path);
        try
        {
            var (code, output) = DemoStory.RunCmdlets(driver, place.Path, fileSystem.NewOptions());
            AssertEnded(code, output);
            Assert.Contains("ok all of it is gone", output, StringComparison.Ordinal);
        }
        finally
        {
            StoreFolder.Empty(place["store"]);
            place.Unmount();
            fileSystem.Clean(place.Path);
        }
    }

    private static void AssertEnded(int code, string output) =>
        Assert.True(code == 0, $"exit code {code}:\n{string.Join('\n', output.TrimEnd().Split('\n').TakeLast(LinesShown))}");
}

[DriverEnvironment("zfs", "OpenZFS 2.1 with the demo", InGuest = true, Zfs = true, Demo = true), OnFileSystem(FileSystemKind.Zfs)]
public sealed class DemoOnZfs(ZfsFixture fileSystem) : DemoTests("zfs", fileSystem), IClassFixture<ZfsFixture>;

[DriverEnvironment("devicemapper", "loop-lvm with the demo", InGuest = true, Demo = true), OnFileSystem(FileSystemKind.Xfs)]
public sealed class DemoOnLoopLvm(LoopXfsFixture fileSystem) : DemoTests("devicemapper", fileSystem), IClassFixture<LoopXfsFixture>;

[DriverEnvironment("devicemapper", "direct-lvm with the demo", InGuest = true, Demo = true, Programs = ["lvm (lvm2)", "thin_check (thin-provisioning-tools)"]), OnFileSystem(FileSystemKind.Ext4)]
public sealed class DemoOnDirectLvm(DirectLvmFixture fileSystem)
    : DemoTests("devicemapper", fileSystem, $"dm.directlvm_device={DirectLvmFixture.Disk}"), IClassFixture<DirectLvmFixture>;

[DriverEnvironment("aufs", "ext4 with the demo", InGuest = true, OtherKernelFor = "aufs", Demo = true), OnFileSystem(FileSystemKind.Ext4)]
public sealed class DemoOnAufs(Ext4Fixture fileSystem) : DemoTests("aufs", fileSystem), IClassFixture<Ext4Fixture>;
