using System.Globalization;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

/// <summary>What hostile images may take of the machine.</summary>
public sealed class HostileProcessTests
{
    [RootTheory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void All_of_them_fit_into_little_memory_and_leave_nothing_open_and_nothing_mounted(string driver)
    {
        using var place = new TestDirectory("/dev/shm");
        // Whatever believes a number of an archive and asks for that much memory ends here.
        var output = Command.Run(
            "env", "DOTNET_GCHeapHardLimit=0x10000000", Environment.ProcessPath!, "exec", typeof(HostileProcess).Assembly.Location, "hostile", place.Path, driver);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 1, output);
        Assert.InRange(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), 1, 400);
    }
}
