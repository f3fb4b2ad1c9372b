using LayerStore.Bench.Measuring;
using LayerStore.Containers;
using LayerStore.Images;

namespace LayerStore.Bench.Rows;

/// <summary>The rows on what a container changed: the list of it, and the image that is made of it.</summary>
internal static class ChangeRows
{
    private const string Session = "LayerStore, in a session", TakesOver = "LayerStore, -RemoveContainer", Docker = "docker diff", DockerCommit = "docker commit", Buildah = "buildah commit";
    private const int Files = 10_000;

    public static void Measure(Arena arena)
    {
        arena.Measure("changes", $"what a container with {Files:N0} new files changed", () => Changes(arena), Goal.Faster(Session, 8, Docker));
        arena.Measure("commit", $"an image of a container with {Files:N0} new files", () => Commit(arena),
            Goal.Faster(TakesOver, 5, DockerCommit), Goal.Faster(TakesOver, 2, Buildah));
        if (arena.Options.Wants("changes") || arena.Options.Wants("commit"))
        {
            arena.Ours.Empty();
        }
    }

    private static List<Contender> Changes(Arena arena)
    {
        Store? store = null;
        Make(arena);
        List<Contender> contenders =
        [
            new Contender(Session, () => Expect(Files + 10, store!.Containers.Changes("c1").Count))
            {
                Remark = "in-process",
                Prepare = () => store = Open(arena),
                Clean = () => store?.Dispose(),
            },
        ];
        var docker = arena.Peers.Docker(out var whyNot);
        if (docker is null)
        {
            contenders.Add(Contender.Absent(Docker, whyNot));
            return contenders;
        }

        var id = MakeForDocker(arena);
        contenders.Add(new Contender(Docker, () => Expect(Files + 10, docker.Run("diff", id).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length)) { Remark = "client and daemon" });
        return contenders;
    }

    private static List<Contender> Commit(Arena arena)
    {
        List<Contender> contenders = [Ours(arena, Session, removes: false), Ours(arena, TakesOver, removes: true)];
        var docker = arena.Peers.Docker(out var whyNot);
        if (docker is null)
        {
            contenders.Add(Contender.Absent(DockerCommit, whyNot));
        }
        else
        {
            var id = MakeForDocker(arena);
            contenders.Add(new Contender(DockerCommit, () => docker.Run("commit", id, "bench/made:1"))
            {
                Remark = "client and daemon; syncs no layer content",
                Clean = () => docker.Run("rmi", "bench/made:1"),
                IsSlow = true,
            });
        }

        if (arena.Peers.OnStorage("buildah", out whyNot) is not { } buildah || arena.Peers.Storage(out whyNot) is not { } storage)
        {
            contenders.Add(Contender.Absent(Buildah, whyNot));
            return contenders;
        }

        var image = arena.Images.Small();
        storage.Copy("docker-archive:" + image.Plain, "docker.io/" + image.Reference);
        var container = storage.Run(buildah, ["from", "docker.io/" + image.Reference]).Trim();
        SizeRows.Fill(storage.Run(buildah, ["mount", container]).Trim(), Files);
        storage.Run(buildah, ["umount", container]);
        storage.Data.Sync();
        contenders.Add(new Contender(Buildah, () => storage.Run(buildah, ["commit", "--quiet", container, "localhost/bench/made:1"]))
        {
            Remark = "start-up included; syncs its JSON files, no layer content",
            Clean = () => storage.Run(buildah, ["rmi", "localhost/bench/made:1"]),
            IsSlow = true,
        });
        return contenders;
    }

    private static Contender Ours(Arena arena, string name, bool removes)
    {
        Store? store = null;
        return new Contender(name, () => store!.Containers.Commit("c1", new CommitOptions { References = ["bench/made:1"], RemoveContainer = removes }))
        {
            Remark = removes ? "in-process, final syncfs included; the container is gone" : "in-process, final syncfs included",
            Prepare = () =>
            {
                Make(arena);
                store = Open(arena);
            },
            Clean = () => store?.Dispose(),
        };
    }

    private static void Make(Arena arena)
    {
        arena.Ours.Empty();
        using var store = Open(arena);
        var reference = store.Images.Import(arena.Images.Small().Plain, new ImportOptions()).First().Reference;
        store.Containers.Create(new ContainerOptions { Image = reference, Name = "c1" });
        SizeRows.Fill(store.Containers.Mount("c1").Path, Files);
        store.Containers.Dismount("c1");
        arena.Ours.Sync();
    }

    private static string MakeForDocker(Arena arena)
    {
        var docker = arena.Peers.Docker(out _)!;
        var image = arena.Images.Small();
        docker.Empty();
        docker.Run("load", "--quiet", "--input", image.Plain);
        var id = docker.Run("create", "--net=none", image.Reference).Trim();
        SizeRows.Fill(docker.Run("inspect", "--format", "{{.GraphDriver.Data.UpperDir}}", id).Trim(), Files);
        docker.Data.Sync();
        return id;
    }

    private static Store Open(Arena arena) => Store.Open(new StoreOptions { Root = Path.Combine(arena.Ours.Path, "store"), Driver = "overlay2" });

    private static void Expect(long expected, long found)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"expected {expected}, found {found}");
        }
    }
}
