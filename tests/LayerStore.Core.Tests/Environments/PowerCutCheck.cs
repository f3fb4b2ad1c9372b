using System.Collections.Immutable;
using System.Globalization;
using LayerStore.Containers;
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
            CheckMounted(name, container, isWritten: container.Files.Count > log.Images.GetValueOrDefault(container.Image, []).Count);
        foreach (var (name, files) in log.Images)
            Show(name, container => CheckMounted(container, new PowerCutContainer(name, files), isWritten: false));
        foreach (var (name, files) in log.Volumes)
            CheckFiles(store.Volumes.Get(name).Mountpoint, files);
        CheckNothingElse();
    }

    /// <summary>Finds out what the step did that was begun and not ended.</summary>
    private void Settle(string what, string name, string other)
    {
        var isThere = what switch
        {
            "create" or "limit" or "use" or "write" or "remove" => HasContainer(name),
            "rename" => HasContainer(other),
            "commit" or "convert" or "untag" => HasImage(name),
            _ => store.Volumes.List().Any(volume => volume.Name == name),
        };
        switch (what)
        {
            case "write" or "fill" or "put":
                Assert.True(isThere, $"{name} is gone");
                SettleFile(what, name, other);
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

    /// <summary>Any part of a file may be there; what holds a part of one goes.</summary>
    private void SettleFile(string what, string name, string other)
    {
        var (directory, file) = what switch
        {
            "fill" => (store.Volumes.Get(name).Mountpoint, name),
            "put" => (store.Volumes.Get(name).Mountpoint, other),
            _ => (Path.Combine(store.Containers.Mount(name).Path, "root"), name),
        };
        var isWhole = PowerCutFile.IsWhole(directory, file);
        if (what == "write")
            store.Containers.Dismount(name);
        if (!isWhole && what == "put")
            PowerCutFile.Remove(directory, file);
        log.Settle(isWhole ? what : "nothing");
        if (!isWhole && what == "fill")
            log.Do("drop", name, "-", () => store.Volumes.Remove(name));
        if (!isWhole && what == "write")
            log.Do("remove", name, "-", () => store.Containers.Remove(name));
    }

    private bool HasContainer(string name) => store.Containers.List().Any(container => container.Name == name);

    private bool HasImage(string name) => store.Images.List().Any(image => image.References.Any(reference => reference.Contains(name + ":", StringComparison.Ordinal)));

    /// <summary>Makes a container to look at and removes it.</summary>
    private void Show(string image, Action<string> look)
    {
        log.Do("create", Probe, image, () => store.Containers.Create(new ContainerOptions { Image = image == "-" ? null : image, Name = Probe }));
        look(Probe);
        log.Do("remove", Probe, image, () => store.Containers.Remove(Probe));
    }

    private void CheckMounted(string name, PowerCutContainer container, bool isWritten)
    {
        var path = store.Containers.Mount(name, readOnly: !isWritten && !container.Limited).Path;
        if (container.Limited)
            CheckLimit(name, path);
        CheckFiles(Path.Combine(path, "root"), container.Files);
        var data = Path.Combine(path, PowerCutContainer.Data);
        if (container.Volume is { } volume)
            CheckFiles(data, log.Volumes[volume]);
        // What is below the volume; an image that was made of such a container has that directory, too.
        var bare = Directory.CreateDirectory("/tmp/bare").FullName;
        Command.Run("mount", "--bind", path, bare);
        data = Path.Combine(bare, PowerCutContainer.Data);
        if (Directory.Exists(data))
            Assert.Empty(Directory.EnumerateFileSystemEntries(data));
        Assert.Equal(_whole.Value.Where(IsImages), TreeFingerprint.Of(bare).Where(IsImages));
        Command.Run("umount", bare);
        store.Containers.Dismount(name);

        // The root is in no archive, and the directory of the files has another time than the image's.
        bool IsImages(string line) => !line.StartsWith("/ ", StringComparison.Ordinal) && !line.StartsWith($"/{PowerCutContainer.Data}", StringComparison.Ordinal)
            && (container.Files.IsEmpty || !line.StartsWith("/root", StringComparison.Ordinal));
    }

    /// <summary>The limit is the one that the container was made with, and holds.</summary>
    private void CheckLimit(string name, string path)
    {
        Assert.Equal(PowerCutContainer.Limit, store.Containers.Get(name).SizeLimit);
        var file = Path.Combine(path, "limit");
        Assert.True(Allocate(PowerCutContainer.Limit - (40 << 20)), $"{name} cannot hold what it may");
        Assert.False(Allocate(PowerCutContainer.Limit + (1 << 20)), $"{name} holds more than it may");

        // On ext4 no limit is for who may override it.
        bool Allocate(long bytes)
        {
            var (code, _, _) = Command.TryRun("setpriv", "--bounding-set=-sys_resource", "fallocate", "-l", bytes.ToString(CultureInfo.InvariantCulture), file);
            File.Delete(file);
            return code == 0;
        }
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
            ThinPoolDevices.Check(store);
    }
}
