using LayerStore.Bench.Measuring;
using LayerStore.Bench.Sandbox;
using LayerStore.Containers;
using LayerStore.Images;

namespace LayerStore.Bench.Rows;

/// <summary>A container on the driver vfs, which has a copy of the whole image: by reflinks where the file system has them, else by copying.</summary>
internal static class VfsRows
{
    private const string Ours = "LayerStore on vfs", Docker = "docker create on vfs";

    public static void Measure(Arena arena)
    {
        foreach (var (kind, name) in new[] { (FileSystemKind.Ext4, "ext4"), (FileSystemKind.Xfs, "xfs") })
        {
            arena.Measure($"vfs-{name}", $"make a container on an image of 400 MB in 6 layers, on {name}", () => Creates(arena, kind), Goal.Faster(Ours, 5, Docker));
        }
    }

    private static List<Contender> Creates(Arena arena, FileSystemKind kind)
    {
        var image = arena.Images.Petclinic();
        Arena.Warm(image);
        var place = kind == FileSystemKind.Xfs ? arena.Xfs : arena.Ours;
        place.Empty();
        var reference = "";
        using (var filled = Open())
        {
            reference = filled.Images.Import(image.Plain, new ImportOptions()).First().Reference;
        }

        Store? store = null;
        var ours = "";
        List<Contender> contenders =
        [
            new Contender(Ours, () => ours = store!.Containers.Create(new ContainerOptions { Image = reference }).Id)
            {
                Remark = "in-process; whole after a power cut, as it is made again then",
                Prepare = () => store = Open(),
                Clean = () =>
                {
                    store!.Containers.Remove(ours);
                    store.Dispose();
                    place.Sync();
                },
            },
        ];
        var docker = arena.Peers.Docker(out var whyNot, "vfs", kind);
        if (docker is null)
        {
            contenders.Add(Contender.Absent(Docker, whyNot));
            return contenders;
        }

        docker.Run("load", "--quiet", "--input", image.Plain);
        docker.Data.Sync();
        var theirs = "";
        contenders.Add(new Contender(Docker, () => theirs = docker.Run("create", "--net=none", image.Reference).Trim())
        {
            Remark = "client and daemon; syncs nothing",
            Clean = () =>
            {
                docker.Run("rm", theirs);
                docker.Data.Sync();
            },
        });
        return contenders;

        Store Open() => Store.Open(new StoreOptions { Root = Path.Combine(place.Path, "store"), Driver = "vfs" });
    }
}
