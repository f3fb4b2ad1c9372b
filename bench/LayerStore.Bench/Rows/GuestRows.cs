using LayerStore.Bench.Measuring;
using LayerStore.Bench.Sandbox;
using LayerStore.Containers;
using LayerStore.Drivers.Zfs;
using LayerStore.Images;
using LayerStore.Linux;

namespace LayerStore.Bench.Rows;

/// <summary>The rows on drivers that need a kernel of tests/guest. Everybody has a sparse file in the guest's memory: an ext4 on it, a pool, or the two files of loop-lvm.</summary>
internal static class GuestRows
{
    private const string Zfs = "LayerStore on zfs", Mapper = "LayerStore on devicemapper (loop-lvm)", Overlay = "LayerStore, overlay2 on ext4";
    private const string ByLibrary = "zfs, in the process", ByPrograms = "zfs, by its programs";
    private const int Containers = 100, Files = 1000, Gibibytes = 6;

    public static void Measure(Arena arena, Workspace workspace)
    {
        if (!GuestRun.IsInside)
        {
            return;
        }

        var pool = new Lazy<PoolFileSystem>(() => PoolFileSystem.Create(workspace, Gibibytes));
        arena.Measure("guest-import-plain", "an image of 400 MB in 6 layers, plain layers", () => Imports(arena, pool.Value, compressed: false), Goal.AtMost(Zfs, 1.5, Overlay), Goal.AtMost(Mapper, 1.5, Overlay));
        arena.Measure("guest-import-gzip", "the same image, gzip layers", () => Imports(arena, pool.Value, compressed: true), Goal.AtMost(Zfs, 1.5, Overlay), Goal.AtMost(Mapper, 1.5, Overlay));
        arena.Measure("guest-allocated", $"allocated bytes of {Containers} containers with {Files} files each", () => Allocated(arena, pool.Value), Goal.Under(ByLibrary, 0.05));
    }

    private static List<Contender> Imports(Arena arena, PoolFileSystem pool, bool compressed)
    {
        var image = arena.Images.Petclinic();
        var file = compressed ? image.Gzip! : image.Plain;
        Arena.Warm(image);
        var mapper = Path.Combine(arena.Options.Backing, FormattableString.Invariant($"layerstore-bench-{Environment.ProcessId}-devicemapper"));
        List<Contender> ours =
        [
            Import(Overlay, "overlay2", arena.Ours.Path, arena.Ours.Empty),
            Import(Zfs, "zfs", pool.Path, pool.Empty),
            Import(Mapper, "devicemapper", mapper, () => Tool.Run("rm", "-rf", mapper)),
        ];
        if (compressed)
            return ours;

        // What the file systems themselves cost.
        return
        [
            .. ours,
            ImportContenders.Extract(ImportContenders.TarSync + ", on ext4", image, arena.Ours.Path, sync: true, arena.Ours.Empty),
            ImportContenders.Extract(ImportContenders.TarSync + ", on zfs", image, pool.Path, sync: true, pool.Empty),
        ];

        Contender Import(string name, string driver, string folder, Action empty)
        {
            Store? store = null;
            return new Contender(name, () => _ = store!.Images.Import(file, new ImportOptions()).Count())
            {
                Remark = "in-process, final syncfs included",
                Prepare = () => store = Store.Open(new StoreOptions { Root = Path.Combine(folder, "store"), Driver = driver }),
                Clean = () =>
                {
                    store?.Driver.Shutdown();
                    store?.Dispose();
                    empty();
                },
            };
        }
    }

    private static List<Contender> Allocated(Arena arena, PoolFileSystem pool)
    {
        var root = Path.Combine(pool.Path, "store");
        using (var store = Store.Open(new StoreOptions { Root = root, Driver = "zfs" }))
        {
            var reference = store.Images.Import(arena.Images.Small().Plain, new ImportOptions()).First().Reference;
            for (var i = 0; i < Containers; i++)
            {
                var id = store.Containers.Create(new ContainerOptions { Image = reference }).Id;
                SizeRows.Fill(store.Containers.Mount(id).Path);
                store.Containers.Dismount(id);
            }
        }

        return [Ask(ByLibrary, ZfsSystem.Machine), Ask(ByPrograms, ZfsSystem.Programs)];

        Contender Ask(string name, ZfsSystem system)
        {
            Store? store = null;
            return new Contender(name, () =>
            {
                if (store!.Containers.MeasureAllocated(store.Containers.List()).Count(allocation => allocation.AllocatedBytes > Files * 100) != Containers)
                {
                    throw new InvalidOperationException("not every container's bytes are known");
                }
            })
            {
                Prepare = () => store = new StoreOpener([new ZfsDriverFactory(system)], new Mounts()).Open(new StoreOptions { Root = root }),
                Clean = () => store?.Dispose(),
                Remark = "in-process, list and sync of the pool included",
            };
        }
    }
}
