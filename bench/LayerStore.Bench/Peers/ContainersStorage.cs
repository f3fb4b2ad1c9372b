using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Peers;

/// <summary>skopeo and containers-storage on a storage root of the run's own, on a loop file system, temporary files included.</summary>
internal sealed class ContainersStorage(LoopFileSystem data, string skopeo, string? client)
{
    public static string Remark => "skopeo, start-up included; syncs its JSON files, no layer content";

    public LoopFileSystem Data => data;

    private string Graph => Path.Combine(data.Path, "graph");

    private string State => Path.Combine(data.Path, "run");

    /// <summary>Copies an image into the storage, as <c>docker-archive:FILE</c> or <c>oci:FOLDER</c>.</summary>
    public void Copy(string source, string name)
    {
        Directory.CreateDirectory(Path.Combine(data.Path, "tmp"));
        Tool.Shell(
            """TMPDIR="$1" "$2" --insecure-policy --tmpdir "$1" copy --quiet "$3" "containers-storage:[overlay@$4+$5]$6" """,
            Path.Combine(data.Path, "tmp"), skopeo, source, Graph, State, name);
    }

    /// <summary>Runs the containers-storage command.</summary>
    public string Run(params ReadOnlySpan<string> arguments) =>
        Tool.Run(client ?? throw new InvalidOperationException("containers-storage is not installed"), ["-g", Graph, "-R", State, "-s", "overlay", .. arguments]);
}
