using LayerStore.Bench.Images;
using LayerStore.Bench.Measuring;
using static LayerStore.Bench.Rows.ImportContenders;

namespace LayerStore.Bench.Rows;

/// <summary>The rows on importing an image.</summary>
internal static class ImportRows
{
    public static void Measure(Arena arena)
    {
        const string size = "an image of 400 MB in 6 layers";
        arena.Measure("import-plain", $"{size}, plain layers", () => DockerArchive(arena, arena.Images.Petclinic(), image => image.Plain),
            Goal.AtMost(Session, 1.2, Tar), Goal.AtMost(Process, 1.2, Tar), Goal.Faster(Session, 4, Docker), Goal.Faster(Process, 4, Docker));
        arena.Measure("import-gzip", $"{size}, gzip layers", () => DockerArchive(arena, arena.Images.Petclinic(), image => image.Gzip!),
            Goal.Faster(Session, 2.5, Skopeo), Goal.Faster(Process, 2.5, Skopeo), Goal.Faster(Session, 2.5, Docker), Goal.Faster(Process, 2.5, Docker));
        arena.Measure("import-zstd", $"{size}, zstd layers in an OCI layout", () => Layout(arena),
            Goal.Faster(Session, 2.5, Skopeo), Goal.Faster(Process, 2.5, Skopeo));
        arena.Measure("import-deep100", "an image of 100 tiny layers", () => DockerArchive(arena, arena.Images.Deep100(), image => image.Plain),
            Goal.Under(Session, 1), Goal.Under(Process, 1), Goal.Faster(Session, 10, Docker), Goal.Faster(Session, 10, Skopeo));
        arena.Measure("import-many", "an image of 100,000 small files in 2 layers", () => DockerArchive(arena, arena.Images.Many(), image => image.Plain),
            Goal.AtMost(Session, 0.8, Tar), Goal.AtMost(Process, 0.8, Tar), Goal.Faster(Session, 5, Docker), Goal.Faster(Process, 5, Docker));
    }

    private static List<Contender> DockerArchive(Arena arena, BenchImage image, Func<BenchImage, string> form)
    {
        var path = form(image);
        Arena.Warm(image);
        return
        [
            InSession(arena, path), Extract(arena, image), InProcess(arena, path), Extract(arena, image, sync: true),
            DockerLoad(arena, path), SkopeoCopy(arena, "docker-archive:" + path, image.Reference),
        ];
    }

    private static List<Contender> Layout(Arena arena)
    {
        var image = arena.Images.Petclinic();
        Arena.Warm(image);
        return
        [
            InSession(arena, image.Zstd!), Extract(arena, image), InProcess(arena, image.Zstd!),
            Contender.Absent(Docker, "this docker reads no OCI layout and no zstd layer"), SkopeoCopy(arena, "oci:" + image.Zstd, image.Reference),
        ];
    }
}
