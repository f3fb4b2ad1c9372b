using LayerStore.Bench.Measuring;
using LayerStore.Containers;
using LayerStore.Images;

namespace LayerStore.Bench.Rows;

/// <summary>The rows on what containers take, and on listing many of them.</summary>
internal static class SizeRows
{
    private const string Session = "LayerStore, in a session", Process = "LayerStore, whole process", Docker = "docker ps -as", DockerList = "docker ps -a";
    private const int Containers = 100, Files = 1000, Listed = 10_000;

    public static void Measure(Arena arena)
    {
        arena.Measure("sizes", $"sizes of {Containers} containers with {Files} changed files each", () => Sizes(arena),
            Goal.Faster(Session, 4, Docker), Goal.Faster(Process, 4, Docker));
        Empty(arena);
        arena.Measure("list", $"list {Listed:N0} containers, no sizes", () => Lists(arena), Goal.Under(Session, 1), Goal.Under(Process, 1));
        Empty(arena);
    }

    private static void Empty(Arena arena)
    {
        if (arena.Options.Wants("sizes") || arena.Options.Wants("list"))
        {
            arena.Ours.Empty();
        }
    }

    private static List<Contender> Sizes(Arena arena)
    {
        const long expected = Files * 100L * Containers;
        var root = Path.Combine(arena.Ours.Path, "store");
        var image = arena.Images.Small();
        List<Contender> contenders = [.. Ours(
            () =>
            {
                using var store = Open(root);
                var reference = store.Images.Import(image.Plain, new ImportOptions()).First().Reference;
                for (var i = 0; i < Containers; i++)
                {
                    var id = store.Containers.Create(new ContainerOptions { Image = reference }).Id;
                    Fill(store.Containers.Mount(id).Path);
                    store.Containers.Dismount(id);
                }
            },
            store => Expect(expected, store.Containers.Measure(store.Containers.List()).Sum(size => size.SizeRw)),
            root, "sizes")];
        var docker = arena.Peers.Docker(out var whyNot);
        if (docker is null)
        {
            contenders.Add(Contender.Absent(Docker, whyNot));
            return contenders;
        }

        docker.Run("load", "--quiet", "--input", image.Plain);
        for (var i = 0; i < Containers; i++)
        {
            // The daemon counts what the upper directory holds, mounted or not.
            var id = docker.Run("create", "--net=none", image.Reference).Trim();
            Fill(docker.Run("inspect", "--format", "{{.GraphDriver.Data.UpperDir}}", id).Trim());
        }

        docker.Data.Sync();
        contenders.Add(new Contender(Docker, () => docker.Run("ps", "-as")) { Remark = "client and daemon" });
        return contenders;
    }

    private static List<Contender> Lists(Arena arena)
    {
        var root = Path.Combine(arena.Ours.Path, "store");
        var image = arena.Images.Small();
        return
        [
            .. Ours(
                () =>
                {
                    using var store = Open(root);
                    var reference = store.Images.Import(image.Plain, new ImportOptions()).First().Reference;
                    for (var i = 0; i < Listed; i++)
                    {
                        store.Containers.Create(new ContainerOptions { Image = reference });
                    }
                },
                store => Expect(Listed, store.Containers.List().Count),
                root, "list"),
            Contender.Absent(DockerList, "left out: making 10,000 containers takes docker a quarter of an hour or more"),
        ];
    }

    private static List<Contender> Ours(Action make, Action<Store> work, string root, string worker)
    {
        string? whyNot = null;
        try
        {
            make();
        }
#pragma warning disable CA1031 // A contender that fails is a line of the report that says why.
        catch (Exception e)
#pragma warning restore CA1031
        {
            whyNot = e.Message.Split('\n')[0];
        }

        Store? store = null;
        return
        [
            new Contender(Session, () => work(store!))
            {
                Missing = whyNot,
                Prepare = () => store = Open(root),
                Clean = () => store?.Dispose(),
                Remark = "in-process",
            },
            new Contender(Process, () => Worker.Start(worker, root)) { Missing = whyNot, Remark = "fresh .NET process, its start-up included" },
        ];
    }

    private static Store Open(string root) => Store.Open(new StoreOptions { Root = root, Driver = "overlay2" });

    private static void Expect(long expected, long found)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"expected {expected}, found {found}");
        }
    }

    internal static void Fill(string folder, int files = Files)
    {
        var content = new byte[100];
        for (var directory = 0; directory < 10; directory++)
        {
            var path = Directory.CreateDirectory(Path.Combine(folder, FormattableString.Invariant($"changed{directory}"))).FullName;
            for (var file = 0; file < files / 10; file++)
            {
                File.WriteAllBytes(Path.Combine(path, FormattableString.Invariant($"file{file:d4}")), content);
            }
        }
    }
}
