using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>What Docker looks at to tell whether an entry of two trees is the same (moby, pkg/archive/changes_linux.go).</summary>
internal static class DockerRules
{
    /// <summary>True where kind, mode, owner or device number differ, or, of what is no directory, length or modification time.</summary>
    public static bool Differ(in StatxData data, in StatxData old) =>
        data.Mode != old.Mode || data.Uid != old.Uid || data.Gid != old.Gid || data.DeviceMajor != old.DeviceMajor || data.DeviceMinor != old.DeviceMinor
        || (!data.IsDirectory && (data.Size != old.Size || !data.ModificationTime.IsSameAs(old.ModificationTime)));
}
