using System.Security.Cryptography;
using System.Text;
using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Tests.Support;

/// <summary>A directory for one store of a test, which goes with everything that is mounted below it.</summary>
internal sealed class StoreFolder : IDisposable
{
    public StoreFolder()
    {
        Base = Path.Combine(Path.GetTempPath(), $"layerstore-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Base);
        Root = Path.Combine(Base, "root");
    }

    /// <summary>What the test may write into.</summary>
    public string Base { get; }

    /// <summary>The store's root; not made yet.</summary>
    public string Root { get; }

    public string Database => Path.Combine(Root, "metadata.db");

    /// <summary>Opens the store with the plain driver, watched where asked for.</summary>
    public Store Open(Action<string>? watch = null, bool bind = false, bool create = true) =>
        Open(new PlainDriverFactory { Watch = watch, Bind = bind }, create);

    /// <summary>Opens the store with one of the drivers that users have.</summary>
    public Store OpenWith(string driver) => Store.Open(new StoreOptions { Root = Root, Driver = driver });

    public Store Open(IStorageDriverFactory driver, bool create = true) =>
        new StoreOpener([driver], new Mounts()).Open(new StoreOptions { Root = Root, CreateIfMissing = create });

    /// <summary>The layers that the plain driver has on disk.</summary>
    public IReadOnlyList<string> LayersOnDisk() => Directory.Exists(Path.Combine(Root, "plain"))
        ? [.. Directory.EnumerateDirectories(Path.Combine(Root, "plain")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
        : [];

    public void Dispose()
    {
        foreach (var mount in MountTable.Below(Base))
            _ = Libc.Umount2(mount, Libc.MNT_DETACH);
        Directory.Delete(Base, recursive: true);
    }

    /// <summary>Removes what is in a store of a driver that users have, and what the driver has in the kernel: its root can be deleted then. Nothing is done where there is none.</summary>
    public static void Empty(string root)
    {
        if (!Store.Exists(root))
            return;
        using var store = Store.Open(new StoreOptions { Root = root });
        RemoveAll(store);
        store.Driver.Shutdown();
    }

    /// <summary>Removes every container, image and volume, mounted and used or not.</summary>
    public static void RemoveAll(Store store)
    {
        foreach (var container in store.Containers.List())
            store.Containers.Remove(container.Id, force: true);
        foreach (var image in store.Images.List())
            store.Images.Remove(image.Id, force: true);
        foreach (var volume in store.Volumes.List())
            store.Volumes.Remove(volume.Name, force: true);
    }

    /// <summary>The digest of a layer that a text stands for.</summary>
    public static Digest DiffId(string content) => Digest.FromSha256(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>The chain ids of layers, lowest first.</summary>
    public static IReadOnlyList<Digest> ChainIds(params IReadOnlyList<string> contents)
    {
        var chain = new List<Digest>();
        foreach (var content in contents)
            chain.Add(LayerIngest.ChainIdOf(chain.Count == 0 ? null : chain[^1], DiffId(content)));
        return chain;
    }

    /// <summary>What extracting such a layer would have found.</summary>
    public static ExtractedLayer Extracted(string content, bool opaque = false) => new()
    {
        DiffId = DiffId(content),
        ArchiveBytes = content.Length,
        Usage = new Usage(content.Length, 1),
        RootIsOpaque = opaque,
    };

    /// <summary>Imports an image whose layers are these texts, lowest first, under a name; gives its id.</summary>
    public static string Import(Store store, string name, params IReadOnlyList<string> contents) => Import(store, name, _ => { }, contents);

    /// <summary>As <see cref="Import(Store, string, IReadOnlyList{string})"/>, telling of each step of its own.</summary>
    public static string Import(Store store, string name, Action<string> watch, params IReadOnlyList<string> contents)
    {
        using var ingest = store.Layers.BeginIngest();
        var chainIds = ChainIds(contents);
        ingest.FindLost(chainIds);
        var layers = chainIds.Select((chainId, i) => ingest.Add(chainId, DiffId(contents[i]), CancellationToken.None)).ToList();
        watch("Added");
        for (var i = 0; i < layers.Count; i++)
        {
            if (layers[i].AlreadyExists)
                continue;
            var target = ingest.OpenForApply(layers[i], i == 0 ? null : layers[i - 1]);
            using (target.Directory)
                File.WriteAllText(Path.Combine(target.DisplayPath, "content"), contents[i]);
            watch("Extracted");
            ingest.Complete(layers[i], i == 0 ? null : layers[i - 1], Extracted(contents[i]));
        }
        watch("Completed");
        var image = Image(string.Join('+', contents), layers.Count == 0 ? null : layers[^1].Id, contents);
        ingest.Commit(transaction =>
        {
            ImageRecords.Insert(transaction, image);
            ImageRecords.SetName(transaction, ImageReference.Parse(name).Canonical, image.Id);
            watch("Committing");
        });
        watch("Committed");
        return image.Id;
    }

    /// <summary>Removes an image with its names as Images does it.</summary>
    public static void RemoveImage(Store store, string id) =>
        store.Layers.DeleteRemoved(store.Metadata.Database.Write(transaction =>
        {
            var top = store.Metadata.Images.Get(id, transaction)!.TopLayer;
            ImageRecords.Delete(transaction, id);
            return top is { } layer ? store.Layers.ReleaseUnreferenced(transaction, layer) : [];
        }, durable: true));

    private static ImageRecord Image(string seed, LayerId? top, IReadOnlyList<string> contents)
    {
        var config = Encoding.UTF8.GetBytes($$$"""{"seed":"{{{seed}}}","config":{"Entrypoint":["/bin/sh","-c"],"Cmd":["echo hello","x"]}}""");
        return new ImageRecord
        {
            Id = Digest.FromSha256(SHA256.HashData(config)).ToString(),
            Config = config,
            Size = contents.Sum(content => content.Length),
            OperatingSystem = "linux",
            Architecture = "amd64",
            TopLayer = top,
            LayerCount = contents.Count,
            Imported = DateTime.UtcNow,
        };
    }
}
