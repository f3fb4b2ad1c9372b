using System.Text;
using LayerStore.Archives;
using LayerStore.Archives.TarSplit;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Fuzzing;

/// <summary>The tar-split reader and what makes an archive of it: a damaged one is said to be, and never reaches a file outside of its layer.</summary>
internal sealed class TarSplitTarget : FuzzTarget
{
    private const string Seed = """
        {"type":2,"payload":"YS9iAAAA","position":0}
        {"type":1,"name":"a/b","size":5,"payload":"K1sNWHMFhKU=","position":1}
        {"type":1,"name_raw":"YS9j","size":5,"payload":"AAAAAAAAAAA=","position":2,"path_raw":"YS9i"}
        {"type":1,"name":"./l/b","size":3,"offset":2,"payload":"AAAAAAAAAAE=","position":3}
        {"type":1,"name":"../decoy","size":0,"payload":null,"position":4}
        {"type":2,"payload":"","position":5}

        """;

    private readonly TestDirectory _directory = new("/dev/shm");

    public TarSplitTarget()
    {
        new StagedLayer(_directory.Make("layer")).Directory("a").File("a/b", "hello").Symlink("l", "../decoy").Symlink("decoy", "../decoy/b").Device("pipe", Libc.S_IFIFO, 0, 0);
        new StagedLayer(_directory.Make("decoy")).File("b", "secret");
    }

    public override byte[] Make(Random random)
    {
        var lines = Mutator.Bytes(random, Encoding.UTF8.GetBytes(random.Next(3) == 0 ? Seed.Replace("a/b", random.Next(2) == 0 ? "pipe" : "../decoy/b", StringComparison.Ordinal) : Seed));
        var packed = ImageBuilder.Compress(lines, CompressionKind.Gzip);
        return random.Next(6) == 0 ? Mutator.Bytes(random, packed) : packed;
    }

    public override void Run(byte[] input)
    {
        File.WriteAllBytes(_directory["split.gz"], input);
        using var archive = new MemoryStream();
        using var root = DirectoryHandle.Open(_directory["layer"]);
        _ = MayRefuse(
            () =>
            {
                using var contents = new LayerContents(root);
                using var sink = new ArchiveSink(archive);
                new TarSplitAssembler(_directory["split.gz"], contents, "layer").WriteTo(sink, CancellationToken.None);
                sink.Finish();
            },
            ErrorIds.StoreDamaged, ErrorIds.LayerFileChanged);
        Demand(archive.ToArray().AsSpan().IndexOf("secret"u8) < 0, "no file outside of the layer is read");
    }

    public override void Dispose()
    {
        _directory.Dispose();
        base.Dispose();
    }
}
