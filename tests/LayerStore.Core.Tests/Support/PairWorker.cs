using System.Diagnostics;
using System.Globalization;
using LayerStore.Containers;
using LayerStore.Images;

namespace LayerStore.Tests.Support;

/// <summary>
/// One of two processes that work in one store at once. They begin each part together; both do what only one of them may come through with, and each looks at everything while the other removes.
/// <see cref="PairStory"/> is the one, starts the other, and knows what must be there then.
/// </summary>
internal sealed class PairWorker : IDisposable
{
    /// <summary>What the containers have at <c>/data</c>; both make it at once.</summary>
    public const string Volume = "pair";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _number, _place;
    private readonly Action<string> _say;
    private readonly Store _store;

    private PairWorker(string root, string number, string driver, string place, DriverOptions options, Action<string> say)
    {
        (_number, _place, _say) = (number, place, say);
        Meet("open");
        // It is new: both make it.
        _store = Store.Open(new StoreOptions { Root = root, Driver = driver, DriverOptions = options });
    }

    /// <summary>The other process: <c>pair ROOT 2 DRIVER PLACE ROUNDS [OPTION=VALUE …]</c>. What it comes through with is a line of its output.</summary>
    public static int Run(string root, string number, ReadOnlySpan<string> words)
    {
        var options = new DriverOptions();
        foreach (var option in words[3..])
        {
            var sign = option.IndexOf('=', StringComparison.Ordinal);
            options[option[..sign]] = option[(sign + 1)..];
        }
        Run(root, number, words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture), options, Console.WriteLine);
        return 0;
    }

    /// <summary>Does its part.</summary>
    /// <param name="root">The store's root; made meanwhile.</param>
    /// <param name="number"><c>1</c> or <c>2</c>.</param>
    /// <param name="driver">The driver.</param>
    /// <param name="place">Where the images are and the two wait for each other.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="options">The driver's options.</param>
    /// <param name="say">Told what it came through with alone.</param>
    public static void Run(string root, string number, string driver, string place, int rounds, DriverOptions options, Action<string> say)
    {
        using var worker = new PairWorker(root, number, driver, place, options, say);
        worker.Meet("import");
        worker.Import("shared");
        for (var round = 0; round < rounds; round++)
            worker.Round(round, last: round == rounds - 1);
    }

    public void Dispose() => _store.Dispose();

    private void Round(int round, bool last)
    {
        Meet($"create {round}");
        var own = $"own-{_number}-{round}";
        _store.Containers.Create(new ContainerOptions { Image = "shared:1", Name = own, Mounts = [$"{Volume}:/data"] });
        Try($"create both-{round}", ErrorIds.ContainerNameInUse, () => _store.Containers.Create(new ContainerOptions { Image = "shared:1", Name = $"both-{round}" }));
        Meet($"write {round}");
        Change(own);
        var both = _store.Containers.Mount($"both-{round}").Path;
        File.WriteAllText(Path.Combine(both, "dir", $"by-{_number}"), $"{_number}");
        _store.Containers.Dismount($"both-{round}");
        Check(_store.Containers.Measure(own).SizeRw == PairStory.SizeOf(own), $"{own} is not as large as what was written into it");
        Look();

        // One removes what the other brings, and both what is there once.
        Meet($"remove {round}");
        if (round > 0)
            _store.Containers.Remove($"own-{_number}-{round - 1}");
        if (!last)
            Try($"remove both-{round}", ErrorIds.ContainerNotFound, () => _store.Containers.Remove($"both-{round}", force: true));
        if (last || round % 2 == 0)
            Import($"image{_number}");
        else
            _store.Images.Remove($"image{_number}:1");
        if (last || (round % 2 == 0) == (_number == "1"))
            Import("crossing");
        else
            Try("remove crossing", ErrorIds.ImageNotFound, () => _store.Images.Remove("crossing:1"));
        Look();
        if (last)
            _store.Containers.Commit(own, new CommitOptions { References = [$"made{_number}:1"] });
    }

    private void Import(string image) => Check(
        _store.Images.Import(Path.Combine(_place, image + ".tar"), new ImportOptions()).Single().References.Any(reference => reference.Contains(image + ":1", StringComparison.Ordinal)),
        $"{image} has not its name");

    private void Change(string container)
    {
        var path = _store.Containers.Mount(container).Path;
        File.WriteAllText(Path.Combine(path, "dir", "own"), container);
        File.WriteAllText(Path.Combine(path, "config"), container);
        File.Delete(Path.Combine(path, "gone"));
        File.WriteAllText(Path.Combine(path, "data", container), container);
        _store.Containers.Dismount(container);
    }

    /// <summary>Lists and measures everything, whatever the other does to it.</summary>
    private void Look()
    {
        var containers = _store.Containers.List();
        foreach (var size in _store.Containers.Measure(containers))
            Check(size.SizeRw <= PairStory.SizeOf(size.Name), $"{size.Name} holds {size.SizeRw} bytes");
        _store.Containers.MeasureAllocated(containers);
        _store.Containers.Mounts();
        Check(_store.Images.List().Any(image => image.References.Any(reference => reference.Contains("shared:1", StringComparison.Ordinal))), "the image of all containers is not listed");
        Check(_store.Layers.List().Count > 0, "no layer is listed");
        Check(_store.Volumes.List().Single().Name == Volume, "there is another volume");
        foreach (var kind in Enum.GetValues<StorageKind>())
            _store.Maintenance.GetUsage(kind);
        _store.GetInfo();
    }

    /// <summary>Does what the other one does, too: one of the two comes through and says so, the other gets that error.</summary>
    private void Try(string what, string errorId, Action act)
    {
        try
        {
            act();
            _say(what);
        }
        catch (StoreException e) when (e.ErrorId == errorId)
        {
        }
    }

    /// <summary>Waits until the other one has come as far.</summary>
    private void Meet(string point)
    {
        File.WriteAllText(Path.Combine(_place, $"{point} {_number}"), "");
        var other = Path.Combine(_place, $"{point} {(_number == "1" ? "2" : "1")}");
        for (var clock = Stopwatch.StartNew(); !File.Exists(other);)
        {
            Check(clock.Elapsed < s_patience, $"the other process did not come to: {point}");
            Thread.Sleep(1);
        }
    }

    private static void Check(bool isSo, string otherwise)
    {
        if (!isSo)
            throw new InvalidOperationException(otherwise);
    }
}
