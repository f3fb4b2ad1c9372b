using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Drivers.Zfs;

/// <summary>The layers' datasets: <c>PARENT/ID</c>, and <c>PARENT/ID@layer</c> of what is committed, which children are clones of.</summary>
/// <param name="system">The machine.</param>
/// <param name="parent">The dataset that they are in (<c>zfs.fsname</c>).</param>
internal sealed class ZfsDatasets(ZfsSystem system, string parent)
{
    // As many names as fit well into one command line.
    private const int MaxNames = 1000;

    // What a pool always keeps for itself is more than this: with less, nothing can be made.
    private const long Nothing = 1 << 20;

    /// <summary>
    /// What every layer has, whatever the administrator set on the parent: nobody else mounts it, shares it or makes snapshots of it (zfs-auto-snapshot); reading changes nothing; attributes
    /// and access lists of every kind can be kept, and <c>.zfs</c> stays out of sight.
    /// </summary>
    private static readonly string[] Properties =
        ["mountpoint=legacy", "com.sun:auto-snapshot=false", "readonly=off", "atime=off", "xattr=sa", "acltype=posixacl", "snapdir=hidden"];

    /// <summary>What can only be said of a new dataset, and its clones inherit: names are bytes, as on every other file system of Linux.</summary>
    private static readonly string[] NameProperties = ["normalization=none", "utf8only=off", "casesensitivity=sensitive"];

    /// <summary>The layers' pool.</summary>
    public ZfsPool Pool { get; } = ZfsPool.Of(system, parent);

    private IZfsLibrary? Library => system.Library.Value;

    /// <summary>The dataset that the layers are in.</summary>
    public string Parent => parent;

    /// <summary>The pool of any dataset.</summary>
    public ZfsPool PoolOf(string dataset) => ZfsPool.Of(system, dataset);

    /// <summary>A layer's dataset.</summary>
    public string Of(LayerId id) => $"{parent}/{id.Value}";

    /// <summary>What a committed layer is, unchangeable.</summary>
    public string SnapshotOf(LayerId id) => Of(id) + "@layer";

    /// <summary>Makes an empty layer.</summary>
    public void Create(LayerId id, long? quota)
    {
        Pool.RequireUsable();
        string[] properties = [.. Properties, .. NameProperties, .. Quota(quota)];
        if (Library?.Create(Of(id), properties) == true)
            return;
        var result = system.Zfs.Run(["create", .. Options(properties), Of(id)]);
        if (!result.Succeeded)
            throw Explain("create the dataset", Of(id), result);
    }

    /// <summary>Makes a layer that begins as a committed one.</summary>
    public void Clone(LayerId from, LayerId id, long? quota)
    {
        Pool.RequireUsable();
        string[] properties = [.. Properties, .. Quota(quota)];
        if (Library?.Clone(SnapshotOf(from), Of(id), properties) == true)
            return;
        var result = system.Zfs.Run(["clone", .. Options(properties), SnapshotOf(from), Of(id)]);
        if (result.Succeeded)
            return;
        throw Exists(SnapshotOf(from)) ? Explain("create the dataset", Of(id), result) : ZfsErrors.Missing(from, SnapshotOf(from));
    }

    /// <summary>Commits a layer. When this returns it is on disk.</summary>
    public void Snapshot(LayerId id)
    {
        Pool.RequireUsable();
        if (Library?.Snapshot(SnapshotOf(id)) == true)
            return;
        var result = system.Zfs.Run("snapshot", SnapshotOf(id));
        if (!result.Succeeded)
            throw Exists(Of(id)) ? Explain("make the snapshot", SnapshotOf(id), result) : ZfsErrors.Missing(id, Of(id));
    }

    /// <summary>Limits what is written to a layer; null takes the limit away.</summary>
    public void SetQuota(LayerId id, long? bytes)
    {
        Pool.RequireUsable();
        var result = system.Zfs.Run("set", bytes is null ? "quota=none" : QuotaOf(bytes.Value), Of(id));
        if (!result.Succeeded)
            throw Exists(Of(id)) ? Explain("set the quota of", Of(id), result) : ZfsErrors.Missing(id, Of(id));
    }

    /// <summary>Destroys a layer with its snapshots, and never its clones: those are other layers.</summary>
    public DestroyOutcome Destroy(LayerId id)
    {
        Pool.RequireUsable();
        if (Library?.Destroy(Of(id), SnapshotOf(id)) == true || system.Zfs.Run("destroy", "-r", Of(id)).Succeeded)
            return DestroyOutcome.Gone;

        // Why not is said in words only; what is there says it, too.
        var rows = List("name,clones", Of(id), SnapshotOf(id));
        if (rows.All(row => row[0] != Of(id)))
            return DestroyOutcome.Gone;
        return rows.Any(row => row is [_, not ("" or "-")]) ? DestroyOutcome.Cloned : DestroyOutcome.Busy;
    }

    /// <summary>As <see cref="Destroy"/>, and tries a busy one again: a mount that just ended, or a process that is just being started, holds a dataset for an instant.</summary>
    public DestroyOutcome DestroyPatiently(LayerId id) => BusyRetry.Run(() => Destroy(id), DestroyOutcome.Busy, BusyRetry.Usual, pauseMilliseconds: 20);

    /// <summary>What changed in a layer since it was cloned, as <c>zfs diff -H</c> writes it; both are mounted. Null where that cannot be told.</summary>
    public string? Difference(LayerId origin, LayerId id)
    {
        Pool.RequireUsable();
        var result = system.Zfs.Run("diff", "-H", SnapshotOf(origin), Of(id));
        return result.Succeeded ? result.Output : null;
    }

    /// <summary>Which layers began as which; layers that have no dataset are left out.</summary>
    public Dictionary<LayerId, ZfsFamily> FamiliesOf(IReadOnlyCollection<LayerId> ids)
    {
        var families = new Dictionary<LayerId, ZfsFamily>();
        foreach (var row in ids.Chunk(MaxNames / 2).SelectMany(some => List("name,origin,clones", [.. some.Select(Of), .. some.Select(SnapshotOf)])))
        {
            if (row is not [var name, var origin, var clones] || IdOf(name.Split('@')[0]) is not { } id)
                continue;
            if (!families.TryGetValue(id, out var family))
                families[id] = family = new ZfsFamily();
            family.Origin ??= IdOf(origin.Split('@')[0]);
            if (clones is not ("" or "-"))
                family.Clones.UnionWith(clones.Split(',').Select(clone => IdOf(clone) ?? default));
        }
        return families;
    }

    /// <summary>Whether a dataset or snapshot exists.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.PoolUnavailable"/> where that cannot be said.</exception>
    public bool Exists(string dataset) => List("name", dataset).Any(row => row[0] == dataset);

    /// <summary>Those of the layers without the snapshot that makes them committed ones.</summary>
    public HashSet<LayerId> FindUncommitted(IReadOnlyCollection<LayerId> ids)
    {
        Pool.RequireUsable();
        var unsure = Library?.FindExisting(ids.Select(SnapshotOf)) is { } there ? [.. ids.Where(id => !there.Contains(SnapshotOf(id)))] : ids;
        var missing = unsure.ToHashSet();
        foreach (var row in unsure.Chunk(MaxNames).SelectMany(some => List("name", [.. some.Select(SnapshotOf)])))
        {
            if (IdOf(row[0].Split('@')[0]) is { } id)
                missing.Remove(id);
        }
        return missing;
    }

    /// <summary>Gives a layer that nobody has mounted another id, and its snapshot with it.</summary>
    public void Rename(LayerId id, LayerId newId)
    {
        Pool.RequireUsable();
        var result = system.Zfs.Run("rename", Of(id), Of(newId));
        if (!result.Succeeded)
            throw Exists(Of(newId)) ? ZfsErrors.StillInUse(newId, Of(newId)) : Explain("rename the dataset", Of(id), result);
    }

    /// <summary>What the pool's books say of layers; those that it has not are left out.</summary>
    public Dictionary<LayerId, ZfsUsage> UsageOf(IReadOnlyCollection<LayerId> ids)
    {
        Pool.RequireUsable();
        var found = new Dictionary<LayerId, ZfsUsage>();
        if (Library?.UsageOf(ids.Select(Of)) is { } told)
        {
            foreach (var id in ids)
            {
                if (told.TryGetValue(Of(id), out var usage))
                    found[id] = usage;
            }
            return found;
        }
        foreach (var some in ids.Chunk(MaxNames))
        {
            // One that is missing makes the command fail, and tells of the others all the same.
            foreach (var row in system.Zfs.Run(["list", "-Hp", "-t", "filesystem", "-o", "name,used,written", .. some.Select(Of)]).Rows)
            {
                if (row.Length == 3 && IdOf(row[0]) is { } id)
                    found[id] = new ZfsUsage(Number(row[1]), Number(row[2]));
            }
        }
        return found;
    }

    /// <summary>The layers that have a dataset; null where the pool cannot be asked.</summary>
    public HashSet<LayerId>? TryList()
    {
        if (Pool.State is not ("ONLINE" or "DEGRADED"))
            return null;
        var result = system.Zfs.Run("list", "-H", "-d", "1", "-t", "filesystem", "-o", "name", parent);
        return result.Succeeded ? [.. result.Rows.Select(row => IdOf(row[0])).OfType<LayerId>()] : null;
    }

    /// <summary>Values of the parent dataset, in the order of the names, as zfs(8) gives them to programs.</summary>
    public IReadOnlyList<string> ParentProperties(params IReadOnlyList<string> names)
    {
        Pool.RequireUsable();
        var result = system.Zfs.Run("list", "-Hp", "-t", "filesystem", "-o", string.Join(',', names), parent);
        return result.Succeeded && result.Rows.FirstOrDefault() is { } row && row.Length == names.Count ? row : throw ZfsErrors.ParentMissing(parent);
    }

    /// <summary>A number of the output of <c>-p</c>; <c>-</c> and <c>none</c> are zero.</summary>
    public static long Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? (long)Math.Min(value, long.MaxValue) : 0;

    /// <summary>Those of the datasets and snapshots that exist. The parent is asked for as well: where it is missing, that others are says nothing.</summary>
    private List<string[]> List(string properties, params IReadOnlyList<string> names)
    {
        List<string[]> rows = [.. system.Zfs.Run(["list", "-H", "-t", "filesystem,snapshot", "-o", properties, parent, .. names]).Rows];
        if (rows.Any(row => row[0] == parent))
            return rows;
        Pool.RequireUsable();
        throw ZfsErrors.ParentMissing(parent);
    }

    private StoreException Explain(string operation, string target, ZfsResult result)
    {
        var full = Number(ParentProperties("available")[0]) < Nothing;
        return full ? ZfsErrors.Full(parent, operation, target) : ZfsErrors.Failed(operation, target, result);
    }

    private LayerId? IdOf(string dataset) =>
        dataset.StartsWith(parent + "/", StringComparison.Ordinal) && LayerId.TryParse(dataset[(parent.Length + 1)..], out var id) ? id : null;

    private static string[] Quota(long? bytes) => bytes is { } limit ? [QuotaOf(limit)] : [];

    private static IEnumerable<string> Options(IEnumerable<string> properties) => properties.SelectMany(property => new[] { "-o", property });

    private static string QuotaOf(long bytes) => string.Create(CultureInfo.InvariantCulture, $"quota={bytes}");
}
