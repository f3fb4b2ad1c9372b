using LayerStore.Bench.Measuring;
using LayerStore.Bench.Peers;
using LayerStore.Images;
using LayerStore.Registries;

namespace LayerStore.Bench.Rows;

/// <summary>The rows on images that leave a store, and that come and go over a network.</summary>
internal static class TravelRows
{
    private const string Session = "LayerStore, in a session", Kept = "LayerStore, -KeepCompressed";
    private const string DockerSave = "docker save", PodmanSave = "podman save", DockerPull = "docker pull", SkopeoPull = "skopeo into containers-storage";
    private const string DockerPush = "docker push", SkopeoPush = "skopeo copy";
    private const string Size = "an image of 400 MB in 6 layers";

    public static void Measure(Arena arena)
    {
        arena.Measure("export", $"{Size} to a docker-archive", () => Export(arena), Goal.Faster(Session, 3, DockerSave), Goal.Faster(Session, 3, PodmanSave));
        arena.Measure("pull", $"{Size}, gzip layers, from a registry on loopback", () => Pull(arena), Goal.Faster(Session, 2.5, SkopeoPull), Goal.Faster(Session, 2.5, DockerPull));
        arena.Measure("push", $"{Size}, which came with gzip layers, to an empty registry on loopback", () => Push(arena), Goal.AtMost(Kept, 1, SkopeoPush));
        if (arena.Options.Wants("export") || arena.Options.Wants("push"))
        {
            arena.Ours.Empty();
        }
    }

    private static List<Contender> Export(Arena arena)
    {
        var image = arena.Images.Petclinic();
        var target = Path.Combine(arena.Plain.Path, "saved.tar");
        arena.Ours.Empty();
        var store = Open(arena);
        var reference = store.Images.Import(image.Plain, new ImportOptions()).First().Reference;
        store.Dispose();
        List<Contender> contenders =
        [
            new Contender(Session, () => store.Images.Export([reference], target, new ExportOptions()))
            {
                Remark = "in-process; every file and digest checked; not synced",
                Prepare = () => store = Open(arena),
                Clean = () =>
                {
                    store.Dispose();
                    arena.Plain.Empty();
                },
            },
        ];
        var docker = arena.Peers.Docker(out var whyNot);
        docker?.Empty();
        docker?.Run("load", "--quiet", "--input", image.Plain);
        contenders.Add(docker is null ? Contender.Absent(DockerSave, whyNot) : new Contender(DockerSave, () => docker.Run("save", "--output", target, image.Reference))
        {
            Remark = DockerDaemon.Remark,
            Clean = arena.Plain.Empty,
            IsSlow = true,
        });
        if (arena.Peers.OnStorage("podman", out whyNot) is { } podman && arena.Peers.Storage(out whyNot) is { } storage)
        {
            storage.Copy("docker-archive:" + image.Plain, "docker.io/" + image.Reference);
            contenders.Add(new Contender(PodmanSave, () => storage.Run(podman, ["--cgroup-manager", "cgroupfs", "save", "--quiet", "--output", target, "docker.io/" + image.Reference]))
            {
                Remark = "start-up included; not synced",
                Clean = arena.Plain.Empty,
                IsSlow = true,
            });
        }
        else
        {
            contenders.Add(Contender.Absent(PodmanSave, whyNot));
        }

        return contenders;
    }

    private static List<Contender> Pull(Arena arena)
    {
        if (Registry(arena, out var whyNot) is not { } registry || arena.Peers.Storage(out whyNot) is not { } storage)
        {
            return [Contender.Absent(Session, whyNot)];
        }

        var image = arena.Images.Petclinic();
        var name = $"{registry.Authority}/{image.Reference}";
        registry.Empty();
        storage.CopyElsewhere("docker-archive:" + image.Gzip, "docker://" + name);
        Store? store = null;
        var docker = arena.Peers.Docker(out whyNot);
        docker?.Empty();
        storage.Data.Empty();
        return
        [
            new Contender(Session, () => store!.Registries.Pull(name, new RegistryOptions(), new ImportOptions()))
            {
                Remark = "in-process, final syncfs included",
                Prepare = () =>
                {
                    arena.Ours.Empty();
                    store = Open(arena);
                },
                Clean = () => store?.Dispose(),
            },
            docker is null ? Contender.Absent(DockerPull, whyNot) : new Contender(DockerPull, () => docker.Run("pull", "--quiet", name)) { Remark = DockerDaemon.Remark, Clean = docker.Empty, IsSlow = true },
            new Contender(SkopeoPull, () => storage.Copy("docker://" + name, name)) { Remark = ContainersStorage.Remark, Clean = storage.Data.Empty, IsSlow = true },
        ];
    }

    private static List<Contender> Push(Arena arena)
    {
        if (Registry(arena, out var whyNot) is not { } registry || arena.Peers.Storage(out whyNot) is not { } storage)
        {
            return [Contender.Absent(Session, whyNot)];
        }

        // Everybody has what came from the registry, which then forgets it.
        var image = arena.Images.Petclinic();
        var name = $"{registry.Authority}/{image.Reference}";
        var layout = Path.Combine(arena.Plain.Path, "layout");
        registry.Empty();
        arena.Ours.Empty();
        storage.CopyElsewhere("docker-archive:" + image.Gzip, "docker://" + name);
        storage.CopyElsewhere("docker://" + name, $"oci:{layout}:1");
        foreach (var keeps in (bool[])[false, true])
        {
            using var store = Open(arena, RootOf(keeps));
            store.Registries.Pull(name, new RegistryOptions(), new ImportOptions { KeepCompressed = keeps });
        }

        var docker = arena.Peers.Docker(out whyNot);
        docker?.Run("pull", "--quiet", name);
        return
        [
            Ours(Session, keeps: false),
            Ours(Kept, keeps: true),
            docker is null ? Contender.Absent(DockerPush, whyNot) : new Contender(DockerPush, () => docker.Run("push", "--quiet", name)) { Remark = "client and daemon", Prepare = registry.Empty, IsSlow = true },
            new Contender(SkopeoPush, () => storage.CopyElsewhere($"oci:{layout}:1", "docker://" + name)) { Remark = "start-up included; from an OCI layout with the same gzip layers", Prepare = registry.Empty },
        ];

        Contender Ours(string who, bool keeps)
        {
            Store? store = null;
            return new Contender(who, () => store!.Registries.Push(name, null, new RegistryOptions(), new PushOptions()))
            {
                Remark = keeps ? "in-process; the blobs were kept when it was pulled" : "in-process; compresses again",
                Prepare = () =>
                {
                    registry.Empty();
                    store = Open(arena, RootOf(keeps));
                },
                Clean = () => store?.Dispose(),
                IsSlow = !keeps,
            };
        }

        static string RootOf(bool keeps) => keeps ? "kept" : "store";
    }

    private static LocalRegistry? Registry(Arena arena, out string whyNot)
    {
        whyNot = "left out by --no-peers";
        return arena.Options.Peers ? arena.Peers.Registry(out whyNot) : null;
    }

    private static Store Open(Arena arena, string name = "store") => Store.Open(new StoreOptions { Root = Path.Combine(arena.Ours.Path, name), Driver = "overlay2" });
}
