using System.Collections.Immutable;
using LayerStore.Containers;
using LayerStore.Drivers.DeviceMapper;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>Whether a store is what the log says after a power cut: all that was said to be done is there and whole, what was begun was done or not, and there is nothing else.</summary>
internal sealed class PowerCutCheck(Store store, PowerCutLog log)
{
    private const string Probe = "probe";

    // What the image of all containers holds, without the store: by GNU tar.
    private readonly Lazy<IReadOnlyList<string>> _whole = new(() =>
    {
        var place = Directory.CreateTempSubdirectory().FullName;
        Command.Run("sh", "-c", $"tar -xOf '{TestFiles.SmallImage}' --wildcards '*/layer.tar' | tar -xp --numeric-owner --delay-directory-restore -C {place}");
        return TreeFingerprint.Of(place);
    });

    public void Run()
    {
        var fresh = Path.Combine(store.Root, "vfs", "fresh");
        Assert.False(Directory.Exists(fresh) && Directory.EnumerateFiles(fresh).Any(), "a copy of an earlier boot is still marked");
        if (log.Open is { } open)
            Settle(open.What, open.Name, open.Other);
        if (log.Containers.ContainsKey(Probe))
            log.Do("remove", Probe, "-", () => store.Containers.Remove(Probe));
        // Whoever makes a container next undoes what was begun.
        Show("-", _ => { });
        Assert.Equal(log.Containers.Keys, store.Containers.List().Select(container => container.Name).Order(StringComparer.Ordinal));
        Assert.Equal(log.Volumes.Keys, store.Volumes.List().Select(volume => volume.Name).Order(StringComparer.Ordinal));
        foreach (var (name, container) in log.Containers)
            CheckMounted(name, container.Files, written: container.Files.Count > log.Images.GetValueOrDefault(container.Image, []).Count);
        foreach (var (name, files) in log.Images)
            Show(name, container => CheckMounted(container, files, written: false));
        foreach (var (name, filled) in log.Volumes)
            CheckFiles(store.Volumes.Get(name).Mountpoint, filled ? [name] : []);
        CheckNothingElse();
    }

    /// <summary>Finds out what the step did that was begun and not ended.</summary>
    private void Settle(string what, string name, string other)
    {
        var isThere = what switch
        {
            "create" or "write" or "remove" => HasContainer(name),
            "rename" => HasContainer(other),
            "commit" or "convert" or "untag" => HasImage(name),
            _ => store.Volumes.List().Any(volume => volume.Name == name),
        };
        switch (what)
        {
            case "write" or "fill":
                Assert.True(isThere, $"{name} is gone");
                if (what == "fill" ? PowerCutFile.IsWhole(store.Volumes.Get(name).Mountpoint, name) : With(name, path => PowerCutFile.IsWhole(Path.Combine(path, "root"), name)))
                    log.Settle(what);
                else
                {
                    // Any part of the file may be there.
                    log.Settle("nothing");
                    log.Do(what == "fill" ? "drop" : "remove", name, "-", () => Remove(what, name));
                }
                break;
            case "convert" when isThere && HasContainer(other):
                Assert.NotEqual("overlay2", store.Driver.Name); // There one transaction does both.
                log.Settle("commit");
                break;
            case "convert" or "rename":
                Assert.True(isThere != HasContainer(what == "convert" ? other : name), $"of {name} and {other} one has to be there");
                log.Settle(isThere ? what : "nothing");
                break;
            case "remove" or "untag" or "drop":
                log.Settle(isThere ? "nothing" : what);
                break;
            default:
                log.Settle(isThere ? what : "nothing");
                break;
        }
    }

    private void Remove(string what, string name)
    {
        if (what == "fill")
            store.Volumes.Remove(name);
        else
            store.Containers.Remove(name);
    }

    private bool HasContainer(string name) => store.Containers.List().Any(container => container.Name == name);

    private bool HasImage(string name) => store.Images.List().Any(image => image.References.Any(reference => reference.Contains(name + ":", StringComparison.Ordinal)));

    private bool With(string container, Func<string, bool> ask)
    {
        var answer = ask(store.Containers.Mount(container).Path);
        store.Containers.Dismount(container);
        return answer;
    }

    /// <summary>Makes a container to look at and removes it.</summary>
    private void Show(string image, Action<string> look)
    {
        log.Do("create", Probe, image, () => store.Containers.Create(new ContainerOptions { Image = image == "-" ? null : image, Name = Probe }));
        look(Probe);
        log.Do("remove", Probe, image, () => store.Containers.Remove(Probe));
    }

    private void CheckMounted(string container, ImmutableSortedSet<string> files, bool written)
    {
        var path = store.Containers.Mount(container, readOnly: !written).Path;
        CheckFiles(Path.Combine(path, "root"), files);
        Assert.Equal(_whole.Value.Where(IsImages), TreeFingerprint.Of(path).Where(IsImages));
        store.Containers.Dismount(container);

        // The root is in no archive, and the directory of the files has another time than the image's.
        bool IsImages(string line) => !line.StartsWith("/ ", StringComparison.Ordinal) && (files.IsEmpty || !line.StartsWith("/root", StringComparison.Ordinal));
    }

    private static void CheckFiles(string directory, ImmutableSortedSet<string> files)
    {
        Assert.Equal(files.Order(StringComparer.Ordinal), PowerCutFile.In(directory).Order(StringComparer.Ordinal));
        Assert.All(files, name => Assert.True(PowerCutFile.IsWhole(directory, name), $"{name} is not whole in {directory}"));
    }

    private void CheckNothingElse()
    {
        Assert.Equal(log.Images.Keys, store.Images.List().SelectMany(image => image.References).Where(reference => reference.Contains("made", StringComparison.Ordinal))
            .Select(reference => reference.Split('/')[^1].Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.Empty(store.Layers.Orphans());
        var stored = store.Driver.Enumerate().ToList();
        Assert.Equal(store.Metadata.Layers.AllIds().Select(id => id.Value).Order(StringComparer.Ordinal), stored.Select(layer => layer.Id.Value).Order(StringComparer.Ordinal));
        Assert.All(stored, layer => Assert.NotNull(layer.Identity));
        var places = Path.Combine(store.Root, StoreRoot.MountsName);
        var ids = store.Containers.List().Select(container => container.Id).ToHashSet();
        if (Directory.Exists(places))
            Assert.All(Directory.EnumerateDirectories(places), place => Assert.Contains(Path.GetFileName(place), ids));
        var volumes = Path.Combine(store.Root, StoreRoot.VolumesName);
        if (Directory.Exists(volumes))
            Assert.All(Directory.EnumerateFiles(volumes, "*", SearchOption.AllDirectories), file => Assert.Contains(log.Volumes.Keys, name => file.StartsWith($"{volumes}/{name}/", StringComparison.Ordinal)));
        if (store.Driver.Name == "devicemapper")
            CheckPool();
    }

    /// <summary>The pool has the devices that the store has records of, and no other.</summary>
    private void CheckPool()
    {
        var home = new DeviceMapperLayout(Path.Combine(store.Root, "devicemapper"));
        var mapper = new LayerStore.Linux.DeviceMapper();
        var name = (string)store.Driver.Status().Single(line => line.Name == "Pool Name").Value;
        var number = mapper.Table(name)!.Split(' ')[0].Split(':');
        File.Delete("/tmp/metadata");
        Command.Run("mknod", "/tmp/metadata", "b", number[0], number[1]);
        Assert.Equal(0, mapper.Message(name, "reserve_metadata_snap"));
        var inPool = Command.Run("thin_ls", "--metadata-snap", "--no-headers", "-o", "DEV", "/tmp/metadata").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(0, mapper.Message(name, "release_metadata_snap"));
        var known = Directory.EnumerateDirectories(home.Layers).Select(directory => $"{DeviceRecord.Read(directory)!.Device}").Append("0");
        Assert.Equal(known.Order(StringComparer.Ordinal), inPool.Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateDirectories(home.Removing));
    }
}
