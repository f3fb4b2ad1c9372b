using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Peers;

/// <summary>skopeo and containers-storage on a storage root of the run's own, on a loop file system, temporary files included.</summary>
/// <param name="data">Where layers and temporary files go.</param>
/// <param name="state">The directory of what ends with the run; podman takes 50 characters.</param>
/// <param name="skopeo">The program.</param>
/// <param name="client">containers-storage, where it is installed.</param>
internal sealed class ContainersStorage(LoopFileSystem data, string state, string skopeo, string? client)
{
    public static string Remark => "skopeo, start-up included; syncs its JSON files, no layer content";

    public LoopFileSystem Data => data;

    private string Graph => Path.Combine(data.Path, "graph");

    /// <summary>Copies an image into the storage, as <c>docker-archive:FILE</c>, <c>oci:FOLDER</c> or <c>docker://NAME</c>.</summary>
    public void Copy(string source, string name)
    {
        Directory.CreateDirectory(Path.Combine(data.Path, "tmp"));
        Tool.Shell(
            """TMPDIR="$1" "$2" --insecure-policy --tmpdir "$1" copy --quiet --src-tls-verify=false "$3" "containers-storage:[overlay@$4+$5]$6" """,
            Path.Combine(data.Path, "tmp"), skopeo, source, Graph, state, name);
    }

    /// <summary>Copies an image between other places than the storage.</summary>
    public void CopyElsewhere(string source, string target) =>
        Tool.Run(skopeo, "--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", "--dest-tls-verify=false", source, target);

    /// <summary>Runs podman or buildah on the storage.</summary>
    public string Run(string program, ReadOnlySpan<string> arguments) =>
        Tool.Run(program, ["--root", Graph, "--runroot", state, "--storage-driver", "overlay", .. arguments]);

    /// <summary>Runs the containers-storage command.</summary>
    public string Run(params ReadOnlySpan<string> arguments) =>
        Tool.Run(client ?? throw new InvalidOperationException("containers-storage is not installed"), ["-g", Graph, "-R", state, "-s", "overlay", .. arguments]);
}
