using System.Globalization;

namespace LayerStore.Tests.Support;

/// <summary>Has two processes work in one store at once, this one and another (<see cref="PairWorker"/>), and checks what they left: all that they did, once, and nothing else.</summary>
internal sealed class PairStory : IDisposable
{
    private const string Old = "-";

    private readonly string _driver;
    private readonly Action<Store> _checkPool;
    private readonly int _rounds;
    private readonly DriverOptions _options;
    private readonly TestDirectory _directory;

    public PairStory(string driver, FileSystemFixture fileSystem, int rounds)
    {
        (_driver, _checkPool, _rounds, _options) = (driver, fileSystem.WatchPool(), rounds, fileSystem.NewOptions());
        _directory = new TestDirectory(fileSystem.Path);
        var place = _directory.Make("place");
        foreach (var (name, files) in new[] { ("shared", 0), ("image1", 5), ("image2", 5), ("crossing", 20) })
            Shared(name, files).WriteDockerArchive(Path.Combine(place, name + ".tar"));
    }

    public string DriverHome => Path.Combine(Root, _driver);

    private string Root => _directory["root"];

    /// <summary>What a container holds when its process is done with it, in bytes.</summary>
    public static long SizeOf(string container) => container.StartsWith("own", StringComparison.Ordinal) ? 2 * container.Length : 2;

    public void Tell()
    {
        var done = Run();
        string[] once = [.. Enumerable.Range(0, _rounds).Select(Both).Select(name => $"create {name}"), .. Enumerable.Range(0, _rounds - 1).Select(Both).Select(name => $"remove {name}")];
        Assert.Equal(once.Order(StringComparer.Ordinal), done.Where(what => what.Contains("both", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        using var store = Store.Open(new StoreOptions { Root = Root });
        CheckContainers(store);
        Assert.Equal(
            ["crossing:1", "image1:1", "image2:1", "made1:1", "made2:1", "shared:1"],
            store.Images.List().SelectMany(image => image.References).Select(reference => reference.Split('/')[^1]).Order(StringComparer.Ordinal));
        Assert.Equal(2 + 5, store.Layers.List().Count);
        Assert.Equal(
            [.. Enumerable.Range(0, _rounds).SelectMany(round => new[] { Own("1", round), Own("2", round) }).Order(StringComparer.Ordinal)],
            Directory.EnumerateFiles(store.Volumes.Get(PairWorker.Volume).Mountpoint).Select(File.ReadAllText).Order(StringComparer.Ordinal));
        CheckNothingElse(store);

        StoreFolder.RemoveAll(store);
        Assert.Empty(store.Driver.Enumerate());
        CheckNothingElse(store);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(DriverHome, "*", SearchOption.AllDirectories), path => LayerId.TryParse(Path.GetFileName(path), out _));
    }

    public void Dispose()
    {
        try
        {
            StoreFolder.Empty(Root); // The story may have ended anywhere.
        }
        finally
        {
            _directory.Dispose();
        }
    }

    private static string Own(string number, int round) => string.Create(CultureInfo.InvariantCulture, $"own-{number}-{round}");

    private static string Both(int round) => string.Create(CultureInfo.InvariantCulture, $"both-{round}");

    /// <summary>An image on the two layers that all share, with one of its own where it has files of its own.</summary>
    private static ImageBuilder Shared(string name, int files)
    {
        var image = new ImageBuilder(name + ":1").Layer(layer => layer.File("config", Old).File("gone", Old).Directory("data")).Layer(layer =>
        {
            layer.Directory("dir");
            for (var i = 0; i < 50; i++)
                layer.File($"dir/file{i}", $"{i}");
        });
        return files == 0 ? image : image.Layer(layer =>
        {
            for (var i = 0; i < files; i++)
                layer.File($"{name}-{i}", name);
        });
    }

    /// <summary>Both do their parts; gives what each came through with alone.</summary>
    private List<string> Run()
    {
        var (place, done) = (_directory["place"], new List<string>());
        using var other = Child.Start("pair", Root, "2", [_driver, place, _rounds.ToString(CultureInfo.InvariantCulture), .. _options.Select(option => $"{option.Key}={option.Value}")]);
        var (output, errors) = (other.StandardOutput.ReadToEndAsync(), other.StandardError.ReadToEndAsync());
        try
        {
            PairWorker.Run(Root, "1", _driver, place, _rounds, _options, done.Add);
        }
        catch (Exception e)
        {
            other.Kill();
            throw new InvalidOperationException($"This process failed; the other one said: {errors.Result}", e);
        }
        other.WaitForExit();
        Assert.True(other.ExitCode == 0, errors.Result);
        return [.. done, .. output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private void CheckContainers(Store store)
    {
        var last = _rounds - 1;
        string[] names = [Both(last), Own("1", last), Own("2", last)];
        Assert.Equal(names, store.Containers.List().Select(container => container.Name).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            Assert.Equal(SizeOf(name), store.Containers.Measure(name).SizeRw);
            var path = store.Containers.Mount(name, readOnly: true).Path;
            string Read(string file) => File.Exists(Path.Combine(path, file)) ? File.ReadAllText(Path.Combine(path, file)) : "";
            Assert.Equal(name == names[0] ? (Old, Old, "", "1", "2") : (name, "", name, "", ""), (Read("config"), Read("gone"), Read("dir/own"), Read("dir/by-1"), Read("dir/by-2")));
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), Enumerable.Range(0, 50).Select(i => Read($"dir/file{i}")));
            store.Containers.Dismount(name);
        }
    }

    /// <summary>On the disk is what the store has rows of, and nobody forgot a mount.</summary>
    private void CheckNothingElse(Store store)
    {
        Assert.Empty(store.Layers.Orphans());
        var stored = store.Driver.Enumerate().ToList();
        Assert.Equal(store.Metadata.Layers.AllIds().Select(id => id.Value).Order(StringComparer.Ordinal), stored.Select(layer => layer.Id.Value).Order(StringComparer.Ordinal));
        Assert.All(stored, layer => Assert.NotNull(layer.Identity));
        Assert.Empty(store.Containers.Mounts());
        var mounts = Path.Combine(Root, StoreRoot.MountsName);
        Assert.Empty(Directory.Exists(mounts) ? Directory.EnumerateDirectories(mounts) : []);
        // btrfs notes the quota groups there that go when the kernel is done with their subvolumes.
        var removing = Path.Combine(DriverHome, "removing");
        Assert.DoesNotContain(Directory.Exists(removing) ? Directory.EnumerateFileSystemEntries(removing) : [], path => !Path.GetFileName(path).StartsWith("qgroup-", StringComparison.Ordinal));
        _checkPool(store);
    }
}
