using System.Globalization;
using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Drivers.DeviceMapper;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>
/// What another process does with devicemapper: <c>devicemapper HOME KILL-AT WHAT FILE-SYSTEM</c>. It is killed at a call that changes something in the kernel: <c>before 3</c>, <c>after 3</c>.
/// </summary>
internal static class DeviceMapperChild
{
    public static int Run(string home, string killAt, string what, string fileSystem)
    {
        var options = fileSystem == "ext4" ? LoopExt4Fixture.Options : throw new ArgumentOutOfRangeException(nameof(fileSystem));
        // What opens a finished pool changes nothing, so that a life's first call is the first of it.
        var driver = new DeviceMapperDriverFactory(new KilledDeviceMapper(new LayerStore.Linux.DeviceMapper(), killAt)).Open(home, options);
        switch (what)
        {
            case "life":
                Live(driver);
                break;
            case "open":
                break;
            default:
                return 2;
        }
        return 0;
    }

    private static void Live(IStorageDriver driver)
    {
        var image = LayerId.New();
        driver.Prepare(image, LayerPurpose.Image, []);
        var target = driver.OpenForApply(image);
        using (target.Directory)
            File.WriteAllText(Path.Combine(target.DisplayPath, "file"), "image");
        driver.CompleteApply(image, [], new ExtractedLayer { DiffId = default, ArchiveBytes = 0, Usage = default });
        driver.WriteIdentity(image, "{}"u8);
        driver.Commit(image);
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, [image]);
        driver.Attach(container);
        driver.SetQuota(container, new LayerQuota(200 << 20));
        driver.Detach(container);
        driver.Remove(container);
        driver.Remove(image);
    }

    /// <summary>The device mapper, in a process that dies before or after one of its calls.</summary>
    private sealed class KilledDeviceMapper(IDeviceMapper inner, string killAt) : IDeviceMapper
    {
        private int _calls;

        public string? TargetVersion(string type) => inner.TargetVersion(type);

        public IReadOnlyList<string> Names() => inner.Names();

        public MappedDevice? Find(string name) => inner.Find(name);

        public MappedDevice Create(string name, string uuid, MapperTable table, bool readOnly) => Step(() => inner.Create(name, uuid, table, readOnly));

        public void Reload(string name, MapperTable table, bool readOnly) => Step(() =>
        {
            inner.Reload(name, table, readOnly);
            return 0;
        });

        public MapperRemoval Remove(string name, bool deferred) => Step(() => inner.Remove(name, deferred));

        public bool CancelRemoval(string name) => inner.CancelRemoval(name);

        public int Message(string name, string message) => Step(() => inner.Message(name, message));

        public string? Status(string name, bool commit = false) => inner.Status(name, commit);

        public string? Table(string name) => inner.Table(name);

        private T Step<T>(Func<T> call)
        {
            var number = ++_calls;
            KillAt("before", number);
            var result = call();
            KillAt("after", number);
            return result;
        }

        // As a power switch: nothing is disposed, no finally block runs.
        private void KillAt(string when, int number)
        {
            if (string.Create(CultureInfo.InvariantCulture, $"{when} {number}") != killAt)
                return;
            _ = Libc.Kill(Environment.ProcessId, 9);
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
