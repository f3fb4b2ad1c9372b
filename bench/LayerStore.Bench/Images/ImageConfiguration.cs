using System.Text.Json;

namespace LayerStore.Bench.Images;

/// <summary>An image configuration, the same bytes for the same layers.</summary>
internal static class ImageConfiguration
{
    private static readonly string[] Command = ["/bin/true"];

    public static byte[] Write(IEnumerable<string> diffIds)
    {
        var list = diffIds.ToList();
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = OperatingSystemArchitecture(),
            config = new { Cmd = Command },
            created = "2024-01-01T00:00:00Z",
            history = list.Select((_, i) => new { created = "2024-01-01T00:00:00Z", created_by = $"layer {i}" }),
            os = "linux",
            rootfs = new { type = "layers", diff_ids = list.Select(id => "sha256:" + id) },
        });
    }

    private static string OperatingSystemArchitecture() => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
