using LayerStore.Bench.Images;
using LayerStore.Bench.Measuring;
using LayerStore.Bench.Peers;
using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Rows;

/// <summary>What every row needs: the options, the images, the peers, and LayerStore's own file system.</summary>
internal sealed class Arena(BenchOptions options, Workspace workspace, ImageCache images, PeerSet peers)
{
    private LoopFileSystem? _ours;
    private LoopFileSystem? _plain;
    private LoopFileSystem? _btrfs;
    private LoopFileSystem? _xfs;

    public BenchOptions Options => options;

    public ImageCache Images => images;

    public PeerSet Peers => peers;

    /// <summary>Where LayerStore keeps its stores.</summary>
    public LoopFileSystem Ours => _ours ??= LoopFileSystem.Create(workspace, "layerstore", 8);

    /// <summary>Where the plain tools write.</summary>
    public LoopFileSystem Plain => _plain ??= LoopFileSystem.Create(workspace, "plain", 6);

    /// <summary>Where LayerStore keeps stores of the driver btrfs.</summary>
    public LoopFileSystem Btrfs => _btrfs ??= LoopFileSystem.Create(workspace, "layerstore-btrfs", 8, FileSystemKind.Btrfs);

    /// <summary>Where LayerStore keeps stores on a file system with reflinks that is none of the drivers' own.</summary>
    public LoopFileSystem Xfs => _xfs ??= LoopFileSystem.Create(workspace, "layerstore-xfs", 8, FileSystemKind.Xfs);

    public List<Row> Done { get; } = [];

    /// <summary>Measures a row where it is wanted.</summary>
    public void Measure(string name, string work, Func<IReadOnlyList<Contender>> contenders, params IReadOnlyList<Goal> goals)
    {
        if (options.Wants(name))
        {
            var row = new Row(name, work);
            row.Goals.AddRange(goals);
            Done.Add(row);
            Race.Run(row, options, contenders());
        }
    }

    /// <summary>Reads the files once, so that the page cache holds them and nobody waits for a disk.</summary>
    public static void Warm(BenchImage image)
    {
        var buffer = new byte[1 << 20];
        foreach (var path in image.Files)
        {
            using var file = File.OpenRead(path);
            while (file.Read(buffer) > 0)
            {
            }
        }
    }
}
