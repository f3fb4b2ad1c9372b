using System.Diagnostics;
using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

/// <summary>
/// Imports every hostile image of the table into one store and compares what comes of it. Beside the store stands a decoy that they reach for, in the store an image and a container of somebody
/// else: neither may change, and of what was refused or removed nothing may stay.
/// </summary>
internal sealed class HostileImports : IDisposable
{
    // Far more than any of them takes, on the slowest guest.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TestDirectory _outside = new();
    private readonly ImportStore _store;
    private readonly string _decoy;
    private readonly string _container;
    private readonly IReadOnlyList<string> _decoyBefore, _containerBefore;

    public HostileImports(string driver, string fileSystem, DriverOptions? options = null)
    {
        _store = new ImportStore(driver, fileSystem, options);
        try
        {
            _decoy = MakeDecoy();
            _decoyBefore = TreeFingerprint.Of(_outside.Path);
            _store.Import(new ImageBuilder("neighbour:1").Layer(("etc/passwd", "neighbour"), ("hello", "neighbour")));
            _container = _store.Store.Containers.Create(new ContainerOptions { Image = "neighbour:1" }).Id;
            Inside(_container, root => File.WriteAllText(Path.Combine(root, "own"), "neighbour"));
            _containerBefore = Inside(_container, root => TreeFingerprint.Of(root));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The directory of the store's driver.</summary>
    public string DriverHome => Path.Combine(_store.Root, _store.Store.Driver.Name);

    /// <summary>Runs the table; says what was not as it should be.</summary>
    /// <param name="few">True where everything takes its time: then the few that a driver has most part in.</param>
    public IReadOnlyList<string> Run(bool few = false)
    {
        var failures = new List<string>();
        foreach (var hostile in few ? HostileCases.OfDrivers(_decoy) : HostileCases.All(_decoy))
        {
            var started = Stopwatch.GetTimestamp();
            var before = Traces();
            string? wrong;
            try
            {
                wrong = Try(hostile);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                wrong = $"threw {error}";
            }
            if (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed > s_patience)
                wrong ??= $"took {elapsed}";
            if (!_decoyBefore.SequenceEqual(TreeFingerprint.Of(_outside.Path)))
                wrong = "changed what stands beside the store: " + string.Join('\n', TreeFingerprint.Of(_outside.Path).Except(_decoyBefore));
            var left = Traces().Except(before).Concat(before.Except(Traces())).ToList();
            if (left.Count > 0)
                wrong ??= "left or took: " + string.Join(", ", left);
            if (wrong is not null)
                failures.Add($"{hostile.Name}: {wrong}");
        }
        if (!_containerBefore.SequenceEqual(Inside(_container, root => TreeFingerprint.Of(root))))
            failures.Add("a container of somebody else was changed");
        return failures;
    }

    public void Dispose()
    {
        try
        {
            _store.Store.Driver.Shutdown();
        }
        finally
        {
            _store.Dispose();
            _outside.Dispose();
        }
    }

    // A quota group of btrfs is deleted when btrfs has done with its subvolume, some time later; until then its number is kept.
    private IReadOnlyList<string> Traces() => [.. _store.Traces().Where(path => !path.Contains("/removing/qgroup-", StringComparison.Ordinal))];

    /// <summary>One image; null where all is as the table says.</summary>
    private string? Try(HostileCase hostile)
    {
        ContainerImage image;
        hostile.Image().WriteDockerArchive(_store["hostile.tar"]);
        try
        {
            image = _store.Import(_store["hostile.tar"], new ImportOptions { Limits = hostile.Limits }).Single();
        }
        catch (StoreException error)
        {
            return hostile.ErrorId == error.ErrorId && !error.Message.Any(char.IsControl) ? null : $"was refused with {error.ErrorId}: {error.Message}";
        }
        try
        {
            var container = _store.Store.Containers.Create(new ContainerOptions { Image = image.Id }).Id;
            try
            {
                return Compare(hostile, image, container);
            }
            finally
            {
                _store.Store.Containers.Remove(container, force: true);
            }
        }
        finally
        {
            _store.Store.Images.Remove(image.Id, force: true);
        }
    }

    private string? Compare(HostileCase hostile, ContainerImage image, string container)
    {
        var tree = Inside(container, root => CompactTree.Of(root, _decoy));
        if (hostile.ErrorId is not null)
            return $"was taken and became '{tree}'";
        if (tree != hostile.Tree)
            return $"became '{tree}'\n    and not '{hostile.Tree}'";
        if (_store.Store.Containers.Changes(container) is { Count: > 0 } changes)
            return $"a container on it has changes: {string.Join(", ", changes)}";
        if (_store.Store.Containers.Measure(container).SizeRw is > 0 and var size)
            return $"a container on it has {size} bytes";
        // Whatever devices, pipes and links are in it: nothing of them is opened or followed.
        _store.Store.Containers.Export(container, _store["flat.tar"], force: true);
        for (var index = 0; index < hostile.Layers.Count; index++)
        {
            using var archive = new MemoryStream();
            _store.Store.Layers.WriteArchive(image.Layers[index], archive);
            if (!archive.ToArray().AsSpan().SequenceEqual(hostile.Layers[index]))
                return $"layer {index} did not come back bit for bit";
        }
        return null;
    }

    /// <summary>A directory with everything that a fingerprint sees.</summary>
    private string MakeDecoy()
    {
        var decoy = _outside.Make("decoy");
        foreach (var name in (string[])["hello", "passwd", "empty"])
            File.WriteAllText(Path.Combine(decoy, name), name == "empty" ? "" : "untouched");
        new StagedLayer(decoy).Directory("sub", 0x1c0).File("sub/private", "untouched", 0x180).Owner("sub/private", 12, 34).Symlink("link", "hello").Link("second", "hello")
            .Attribute("hello", "trusted.kept", [1, 2, 3]);
        return decoy;
    }

    private T Inside<T>(string container, Func<string, T> look)
    {
        var root = _store.Store.Containers.Mount(container).Path;
        try
        {
            return look(root);
        }
        finally
        {
            _store.Store.Containers.Dismount(container, all: true);
        }
    }

    private void Inside(string container, Action<string> act) => Inside(container, root =>
    {
        act(root);
        return true;
    });
}
