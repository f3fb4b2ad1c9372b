using System.Diagnostics;
using LayerStore.Bench.Measuring;
using LayerStore.Containers;
using LayerStore.Images;

namespace LayerStore.Bench.Rows;

/// <summary>New, mount, dismount, remove: single calls of milliseconds, each beside the kernel's own calls for the same.</summary>
internal static class ContainerRows
{
    private const string Ours = "LayerStore", Kernel = "the kernel's own calls";
    private const int Turns = 200, WarmUps = 30, PeerTurns = 10;

    public static void Measure(Arena arena)
    {
        if (!arena.Options.Wants("container"))
        {
            return;
        }

        var create = NewRow(arena, "container-new", "make a container on a 6-layer image", Goal.Under(Ours, 0.005));
        var mount = NewRow(arena, "container-mount", "mount it", Goal.Under(Ours, 0.002));
        var dismount = NewRow(arena, "container-dismount", "unmount it after a file was written", Goal.Within(Ours, 0.001, Kernel));
        var remove = NewRow(arena, "container-remove", "remove it");
        Console.WriteLine("bench: container: make, mount, unmount, remove");
        try
        {
            Run(arena, [create, mount, dismount, remove]);
        }
#pragma warning disable CA1031 // A contender that fails is a line of the report that says why.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var samples in new[] { create, mount, dismount, remove }.Select(row => row.Find(Ours)!))
            {
                samples.Missing = e.Message.Split('\n')[0];
            }
        }
        finally
        {
            arena.Ours.Empty();
        }

        MeasureDocker(arena, create, remove);
        MeasureContainersStorage(arena, create, mount, dismount, remove);
        foreach (var row in new[] { create, mount, dismount, remove })
        {
            foreach (var s in row.Samples)
            {
                Console.WriteLine(s.HasAny
                    ? $"  {row.Name,-20} {s.Name,-28} median {Goal.Format(s.Median),10}   min {Goal.Format(s.Minimum),10}   ({s.Seconds.Count} runs)"
                    : $"  {row.Name,-20} {s.Name,-28} not measured: {s.Missing}");
            }
        }
    }

    private static Row NewRow(Arena arena, string name, string work, params ReadOnlySpan<Goal> goals)
    {
        var row = new Row(name, work);
        row.Goals.AddRange(goals);
        row.Samples.Add(new Samples(Ours, "in-process; durable when it returns"));
        row.Samples.Add(new Samples(Kernel, "mkdir, mount(2) or umount2(2) with the same number of layers, nothing else"));
        arena.Done.Add(row);
        return row;
    }

    private static void Run(Arena arena, Row[] rows)
    {
        using var store = Store.Open(new StoreOptions { Root = Path.Combine(arena.Ours.Path, "store"), Driver = "overlay2" });
        var image = store.Images.Import(arena.Images.Petclinic().Plain, new ImportOptions()).First().Reference;
        var kernel = new KernelOverlay(Path.Combine(arena.Ours.Path, "kernel"), lowers: 6);
        var content = new byte[1000];
        for (var turn = -WarmUps; turn < Turns; turn++)
        {
            // A container in which something was written, as containers are. Each one's life as a whole, then the other's: unmounting an overlay syncs
            // the whole file system below, so everybody pays for what he wrote himself.
            var (id, path) = ("", "");
            Time(rows[0], Ours, turn, () => id = store.Containers.Create(new ContainerOptions { Image = image }).Id);
            Time(rows[1], Ours, turn, () => path = store.Containers.Mount(id).Path);
            File.WriteAllBytes(Path.Combine(path, "changed"), content);
            Time(rows[2], Ours, turn, () => store.Containers.Dismount(id));
            Time(rows[3], Ours, turn, () => store.Containers.Remove(id));
            Time(rows[0], Kernel, turn, kernel.Make);
            Time(rows[1], Kernel, turn, kernel.Mount);
            File.WriteAllBytes(Path.Combine(kernel.MergedPath, "changed"), content);
            Time(rows[2], Kernel, turn, kernel.Unmount);
            Time(rows[3], Kernel, turn, kernel.Remove);
        }
    }

    private static void MeasureDocker(Arena arena, Row create, Row remove)
    {
        var made = new Samples("docker create", "client start-up included");
        var removed = new Samples("docker rm", "client start-up included");
        create.Samples.Add(made);
        remove.Samples.Add(removed);
        var docker = arena.Peers.Docker(out var whyNot);
        if (docker is null)
        {
            made.Missing = removed.Missing = whyNot;
            return;
        }

        var image = arena.Images.Small();
        docker.Run("load", "--quiet", "--input", image.Plain);
        for (var turn = -1; turn < PeerTurns; turn++)
        {
            var id = "";
            Time(create, made.Name, turn, () => id = docker.Run("create", "--net=none", image.Reference).Trim());
            Time(remove, removed.Name, turn, () => docker.Run("rm", id));
        }

        docker.Empty();
    }

    private static void MeasureContainersStorage(Arena arena, Row create, Row mount, Row dismount, Row remove)
    {
        const string name = "containers-storage";
        foreach (var row in new[] { create, mount, dismount, remove })
        {
            row.Samples.Add(new Samples(name, "start-up included"));
        }

        var storage = arena.Peers.Storage(out var whyNot);
        try
        {
            if (storage is null)
            {
                throw new InvalidOperationException(whyNot);
            }

            var image = arena.Images.Small();
            storage.Copy("docker-archive:" + image.Plain, image.Reference);
            for (var turn = -1; turn < PeerTurns; turn++)
            {
                var id = "";
                Time(create, name, turn, () => id = storage.Run("create-container", "docker.io/" + image.Reference).Split('\n')[0].Trim());
                Time(mount, name, turn, () => storage.Run("mount", id));
                Time(dismount, name, turn, () => storage.Run("unmount", id));
                Time(remove, name, turn, () => storage.Run("delete-container", id));
            }
        }
        catch (InvalidOperationException e)
        {
            foreach (var row in new[] { create, mount, dismount, remove })
            {
                row.Find(name)!.Missing = e.Message.Split('\n')[0];
            }
        }

        storage?.Data.Empty();
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
