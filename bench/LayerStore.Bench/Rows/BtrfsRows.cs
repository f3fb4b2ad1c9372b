using System.Diagnostics;
using LayerStore.Bench.Measuring;
using LayerStore.Bench.Sandbox;
using LayerStore.Containers;
using LayerStore.Images;

namespace LayerStore.Bench.Rows;

/// <summary>The rows on the driver btrfs, everybody on a btrfs of his own.</summary>
internal static class BtrfsRows
{
    private const string Ours = "LayerStore on btrfs", Overlay = "LayerStore, overlay2 on btrfs", Kernel = "the kernel's own calls", Docker = "docker ps -as on btrfs";
    private const int Containers = 100, Files = 1000, Turns = 100, WarmUps = 20;

    public static void Measure(Arena arena)
    {
        arena.Measure("btrfs-import", "an image of 400 MB in 6 layers, plain layers", () => Imports(arena), Goal.AtMost(Ours, 1.5, Overlay));
        Lives(arena);
        arena.Measure("btrfs-sizes", $"sizes of {Containers} containers, one of them changed", () => Sizes(arena), Goal.Faster(Ours, 10, Docker));
        arena.Measure("btrfs-allocated", $"allocated bytes of {Containers} containers with {Files} files each, by quota groups", () => Allocated(arena), Goal.Under(Ours, 0.05));
    }

    private static List<Contender> Imports(Arena arena)
    {
        var image = arena.Images.Petclinic();
        Arena.Warm(image);
        return [Import(Ours, "btrfs"), Import(Overlay, "overlay2")];

        Contender Import(string name, string driver)
        {
            Store? store = null;
            return new Contender(name, () => _ = store!.Images.Import(image.Plain, new ImportOptions()).Count())
            {
                Remark = "in-process, final syncfs included",
                Prepare = () => store = Open(arena, driver),
                Clean = () =>
                {
                    store?.Dispose();
                    arena.Btrfs.Empty();
                },
            };
        }
    }

    private static void Lives(Arena arena)
    {
        if (!arena.Options.Wants("btrfs-container"))
        {
            return;
        }

        var create = NewRow("btrfs-container-new", "make a container on a 6-layer image");
        var remove = NewRow("btrfs-container-remove", "remove it");
        Console.WriteLine("bench: btrfs-container: make, remove");
        try
        {
            using var store = Open(arena, "btrfs");
            var image = store.Images.Import(arena.Images.Petclinic().Plain, new ImportOptions()).First().Reference;
            var kernel = new KernelSubvolumes(Path.Combine(arena.Btrfs.Path, "kernel"));
            for (var turn = -WarmUps; turn < Turns; turn++)
            {
                var id = "";
                Time(create, Ours, turn, () => id = store.Containers.Create(new ContainerOptions { Image = image }).Id);
                Time(create, Kernel, turn, kernel.Make);
                Time(remove, Ours, turn, () => store.Containers.Remove(id));
                Time(remove, Kernel, turn, kernel.Remove);
            }
        }
        finally
        {
            arena.Btrfs.Empty();
        }

        foreach (var row in new[] { create, remove })
        {
            foreach (var samples in row.Samples)
            {
                Console.WriteLine($"  {row.Name,-24} {samples.Name,-28} median {Goal.Format(samples.Median),10}   min {Goal.Format(samples.Minimum),10}   ({samples.Seconds.Count} runs)");
            }
        }

        Row NewRow(string name, string work)
        {
            var row = new Row(name, work);
            row.Goals.Add(Goal.Within(Ours, 0.01, Kernel));
            row.Samples.Add(new Samples(Ours, "in-process; durable when it returns"));
            row.Samples.Add(new Samples(Kernel, "one ioctl"));
            arena.Done.Add(row);
            return row;
        }
    }

    private static List<Contender> Sizes(Arena arena)
    {
        var image = arena.Images.Petclinic();
        var root = Path.Combine(arena.Btrfs.Path, "store");
        arena.Btrfs.Empty();
        using (var store = Open(arena, "btrfs"))
        {
            var reference = store.Images.Import(image.Plain, new ImportOptions()).First().Reference;
            var ids = Enumerable.Range(0, Containers).Select(_ => store.Containers.Create(new ContainerOptions { Image = reference }).Id).ToList();
            Change(store.Containers.Mount(ids[0]).Path);
            store.Containers.Dismount(ids[0]);
        }

        Store? ours = null;
        List<Contender> contenders =
        [
            new Contender(Ours, () => Expect(ours!.Containers.Measure(ours.Containers.List()).Sum(size => size.SizeRw)))
            {
                Prepare = () => ours = Open(arena, "btrfs"),
                Clean = () => ours?.Dispose(),
                Remark = "in-process",
            },
            new Contender("LayerStore on btrfs, whole process", () => Worker.Start("sizes", root)) { Remark = "fresh .NET process, its start-up included" },
        ];
        var docker = arena.Peers.Docker(out var whyNot, "btrfs", FileSystemKind.Btrfs);
        if (docker is null)
        {
            contenders.Add(Contender.Absent(Docker, whyNot));
            return contenders;
        }

        docker.Run("load", "--quiet", "--input", image.Plain);
        for (var i = 0; i < Containers; i++)
        {
            var id = docker.Run("create", "--net=none", image.Reference).Trim();
            if (i == 0)
            {
                var layer = File.ReadAllText(Path.Combine(docker.Root, "image", "btrfs", "layerdb", "mounts", id, "mount-id"));
                Change(Path.Combine(docker.Root, "btrfs", "subvolumes", layer));
            }
        }

        docker.Data.Sync();
        contenders.Add(new Contender(Docker, () => docker.Run("ps", "-as")) { Remark = "client and daemon", IsSlow = true });
        return contenders;
    }

    private static List<Contender> Allocated(Arena arena)
    {
        arena.Btrfs.Empty();
        Tool.Run("btrfs", "quota", "enable", arena.Btrfs.Path);
        var expected = 0;
        using (var store = Open(arena, "btrfs"))
        {
            var reference = store.Images.Import(arena.Images.Small().Plain, new ImportOptions()).First().Reference;
            for (; expected < Containers; expected++)
            {
                var id = store.Containers.Create(new ContainerOptions { Image = reference }).Id;
                SizeRows.Fill(store.Containers.Mount(id).Path);
                store.Containers.Dismount(id);
            }
        }

        arena.Btrfs.Sync();
        Store? ours = null;
        return
        [
            new Contender(Ours, () =>
            {
                if (ours!.Containers.MeasureAllocated(ours.Containers.List()).Count(allocation => allocation.AllocatedBytes > Files * 100) != expected)
                {
                    throw new InvalidOperationException("not every container's bytes are known");
                }
            })
            {
                Prepare = () => ours = Open(arena, "btrfs"),
                Clean = () => ours?.Dispose(),
                Remark = "in-process",
            },
        ];
    }

    private static Store Open(Arena arena, string driver) => Store.Open(new StoreOptions { Root = Path.Combine(arena.Btrfs.Path, "store"), Driver = driver });

    private static void Change(string folder) => File.WriteAllBytes(Path.Combine(folder, "etc", "changed"), new byte[1000]);

    private static void Expect(long found)
    {
        if (found != 1000)
        {
            throw new InvalidOperationException($"expected 1000, found {found}");
        }
    }

    private static void Time(Row row, string contender, int turn, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (turn >= 0)
        {
            row.Find(contender)!.Add(took);
        }
    }
}
