using LayerStore.Bench.Images;
using LayerStore.Bench.Measuring;
using LayerStore.Bench.Peers;
using LayerStore.Bench.Sandbox;
using LayerStore.Images;

namespace LayerStore.Bench.Rows;

/// <summary>Everybody who can bring an image's layers onto a disk.</summary>
internal static class ImportContenders
{
    public const string Session = "LayerStore, in a session", Process = "LayerStore, whole process";
    public const string Tar = "tar -x", TarSync = "tar -x, then sync -f", Docker = "docker load", Skopeo = "skopeo into containers-storage";

    /// <summary>Import in this process, which has done it before: what a user of a running PowerShell sees.</summary>
    public static Contender InSession(Arena arena, string path)
    {
        Store? store = null;
        return new Contender(Session, () =>
        {
            var images = store!.Images.Import(path, new ImportOptions()).ToList();
            if (images.Count == 0)
            {
                throw new InvalidOperationException("nothing was imported");
            }
        })
        {
            Remark = "in-process, final syncfs included",
            Prepare = () => store = Store.Open(new StoreOptions { Root = Path.Combine(arena.Ours.Path, "store"), Driver = "overlay2" }),
            Clean = () =>
            {
                store?.Dispose();
                arena.Ours.Empty();
            },
        };
    }

    /// <summary>Import by a fresh process: the start of .NET, opening the store and compiling included.</summary>
    public static Contender InProcess(Arena arena, string path) => new(Process, () => Worker.Start("import", Path.Combine(arena.Ours.Path, "store"), path))
    {
        Remark = "fresh .NET process, its start-up, the new store and final syncfs included",
        Clean = arena.Ours.Empty,
    };

    /// <summary>GNU tar on the bare layers, one after another, each into a directory of its own as overlay keeps them.</summary>
    public static Contender Extract(Arena arena, BenchImage image, bool sync = false) => Extract(sync ? TarSync : Tar, image, arena.Plain.Path, sync, arena.Plain.Empty);

    /// <summary>As the other one, in a folder that <paramref name="clean"/> empties.</summary>
    public static Contender Extract(string name, BenchImage image, string folder, bool sync, Action clean) => new(name, () => Tool.Shell(
        $"""
        d=$1; shift; i=0
        for layer in "$@"; do mkdir "$d/$i"; tar --extract --preserve-permissions --numeric-owner --file "$layer" --directory "$d/$i"; i=$((i + 1)); done
        {(sync ? "sync -f \"$d\"" : "")}
        """,
        [folder, .. image.Layers]))
    {
        Remark = sync ? "no digest; durable as ours is" : "no digest, not synced",
        Clean = clean,
    };

    public static Contender DockerLoad(Arena arena, string path)
    {
        var docker = arena.Peers.Docker(out var whyNot);
        return docker is null ? Contender.Absent(Docker, whyNot) : new Contender(Docker, () => docker.Run("load", "--quiet", "--input", path))
        {
            Remark = DockerDaemon.Remark,
            Clean = docker.Empty,
            IsSlow = true,
        };
    }

    public static Contender SkopeoCopy(Arena arena, string source, string name)
    {
        var storage = arena.Peers.Storage(out var whyNot);
        return storage is null ? Contender.Absent(Skopeo, whyNot) : new Contender(Skopeo, () => storage.Copy(source, name))
        {
            Remark = ContainersStorage.Remark,
            Clean = storage.Data.Empty,
            IsSlow = true,
        };
    }
}
