using LayerStore.Archives;
using LayerStore.Archives.TarSplit;
using LayerStore.Drivers;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Fuzzing;

/// <summary>
/// A whole layer on top of another, on vfs and, as root, on overlay2: both refuse it alike or show the same tree, it comes back bit for bit, and a decoy beside the stores stays as it is.
/// </summary>
internal sealed class LayerTarget : FuzzTarget
{
    // No file with two names: overlayfs goes on to count both where the upper layer has replaced one.
    private static readonly byte[] s_base = new TarBuilder().Directory("d/").File("d/b", "below").Directory("d/d/").File("d/d/a", "deep").File("a", "one").File("b", "two").Symlink("l", "d").Symlink("up", "../../..")
        .Directory("etc/", mode: 0x1c0, uid: 3).File("etc/passwd", "users").Symlink("d/l", "/etc").End();

    private readonly TestDirectory _outside = new("/dev/shm");
    private readonly (DriverPlayground Play, LayerId Base)[] _drivers;
    private readonly IReadOnlyList<string> _before;

    public LayerTarget()
    {
        new StagedLayer(_outside.Make("decoy")).File("a", "untouched").Directory("d").File("d/b", "untouched").Symlink("l", "a");
        _before = TreeFingerprint.Of(_outside.Path);
        string[] names = Libc.Geteuid() == 0 ? ["vfs", "overlay2"] : ["vfs"];
        _drivers = [.. names.Select(name =>
        {
            var play = new DriverPlayground(name, "/dev/shm");
            var id = LayerId.New();
            Apply(play.Driver, id, [], s_base);
            return (play, id);
        })];
    }

    public override byte[] Make(Random random) => RandomLayer.Make(random);

    public override void Run(byte[] input)
    {
        var trees = _drivers.Select(driver => Tree(driver.Play, driver.Base, input)).ToList();
        for (var index = 1; index < trees.Count; index++)
            Demand(trees[0].SequenceEqual(trees[index]), $"drivers show the same: {string.Join("\n", trees[0].Except(trees[index]))}\nand not\n{string.Join("\n", trees[index].Except(trees[0]))}");
        Demand(_before.SequenceEqual(TreeFingerprint.Of(_outside.Path)), "what stands outside stays as it is");
    }

    public override void Dispose()
    {
        foreach (var (play, _) in _drivers)
            play.Dispose();
        _outside.Dispose();
        base.Dispose();
    }

    /// <summary>What a container on the layer shows, or the error that refuses it.</summary>
    private static IReadOnlyList<string> Tree(DriverPlayground play, LayerId below, byte[] input)
    {
        var id = LayerId.New();
        LayerId? container = null;
        try
        {
            IReadOnlyList<LayerId> parents = [below];
            string? refused = null;
            var taken = MayRefuse(
                () =>
                {
                    try
                    {
                        parents = Apply(play.Driver, id, parents, input);
                    }
                    catch (StoreException error)
                    {
                        refused = error.ErrorId;
                        throw;
                    }
                },
                ArchiveRefusals);
            if (!taken)
                return [refused!];
            using var archive = new MemoryStream();
            using (var contents = play.Driver.OpenContents(id))
            using (var files = new LayerContents(contents.Handle))
            using (var sink = new ArchiveSink(archive))
            {
                new TarSplitAssembler(LayerArchive.TarSplitPath(play.Driver, id), files, "layer").WriteTo(sink, CancellationToken.None);
                sink.Finish();
            }
            Demand(archive.ToArray().AsSpan().SequenceEqual(input), $"{play.Driver.Name} gives the archive back bit for bit");
            container = play.Container([id, .. parents]);
            using (var mount = play.Mount(container.Value, [id, .. parents]))
            {
                Demand(play.Changes(container.Value, [id, .. parents]).Count == 0, $"{play.Driver.Name} sees no changes where nobody made any");
                return TreeFingerprint.Of(mount.Root);
            }
        }
        finally
        {
            if (container is { } top)
                play.Driver.Remove(top);
            play.Driver.Remove(id);
            Demand(play.Driver.Enumerate().All(layer => layer.Id == below), $"{play.Driver.Name} keeps nothing");
        }
    }

    /// <summary>As the store does it; gives the parents that a container has below the layer.</summary>
    private static IReadOnlyList<LayerId> Apply(IStorageDriver driver, LayerId id, IReadOnlyList<LayerId> parents, byte[] archive)
    {
        driver.Prepare(id, LayerPurpose.Image, []);
        ExtractedLayer extracted;
        var target = driver.OpenForApply(id) with { TarSplitPath = LayerArchive.TarSplitPath(driver, id) };
        using (target.Directory)
            extracted = LayerExtractor.Extract(new MemoryStream(archive), target, Limits, null, CancellationToken.None);
        using (extracted.TarSplit)
        {
            if (extracted.RootIsOpaque)
                parents = [];
            driver.CompleteApply(id, parents, extracted);
            extracted.TarSplit!.Complete();
        }
        driver.Commit(id);
        return parents;
    }
}
