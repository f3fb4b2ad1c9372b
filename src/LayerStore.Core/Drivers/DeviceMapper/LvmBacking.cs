using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// A pool that is set up with LVM on a block device of the user's (direct-lvm). The volume group's name and the physical volume's id are this store's alone, so that what an interrupted set-up left can be
/// told and removed.
/// </summary>
internal sealed class LvmBacking(IDeviceMapper mapper, DeviceMapperOptions options) : IPoolBacking
{
    private const string Pool = "thinpool", Metadata = "thinpoolmeta";

    private readonly string _device = options.DirectDevice!;

    // What is below is a real disk, on which a discard can take long.
    public bool DiscardsByDefault => false;

    public long? FreeBytes => null;

    // A hyphen would be doubled in the device's name.
    public string NameOf(PoolRecord record) => $"{Group(record)}-{Pool}";

    public string Activate(PoolRecord record)
    {
        var name = NameOf(record);
        if (record.State == PoolState.New)
            SetUp(record);
        else if (mapper.Find(name) is null)
            Lvm.Run("lvchange", "-ay", "-K", $"{Group(record)}/{Pool}");
        if (mapper.Find(name) is not { } device)
            throw PoolErrors.Failed(name, "LVM does not bring it up");
        ExistingPoolBacking.RefuseForeign(mapper, record, name);
        DeviceNode.Ensure(name, device);
        return name;
    }

    public void Deactivate(PoolRecord record)
    {
        if (mapper.Find(NameOf(record)) is not null)
            Lvm.Run("lvchange", "-an", $"{Group(record)}/{Pool}");
    }

    public void Undo(PoolRecord record)
    {
        if (Lvm.TryRun("vgs", Group(record)) is not null)
        {
            Lvm.Run("vgremove", "-f", "-y", Group(record));
            Lvm.Run("pvremove", "-f", "-y", _device);
        }
        else if (Lvm.TryRun("pvs", "--noheadings", "-o", "pv_uuid,vg_name", _device)?.Trim() == VolumeId(record))
            Lvm.Run("pvremove", "-y", _device);
        if (File.Exists(ProfilePath(record)))
            File.Delete(ProfilePath(record));
    }

    public IEnumerable<StatusLine> Status() => [];

    public IEnumerable<string> Warnings() => [];

    private void SetUp(PoolRecord record)
    {
        Undo(record);
        BlockDeviceCheck.RefuseUsed(_device, options.DirectForce);
        var group = Group(record);
        string[] volume = ["--norestorefile", "--uuid", VolumeId(record), _device];
        Lvm.Run("pvcreate", options.DirectForce ? ["-ff", "-y", .. volume] : volume);
        Lvm.Run("vgcreate", group, _device);
        Lvm.Run("lvcreate", "-y", "--wipesignatures", "y", "-n", Pool, group, "--extents", Percent(options.ThinPercent));
        Lvm.Run("lvcreate", "-y", "--wipesignatures", "y", "-n", Metadata, group, "--extents", Percent(options.ThinMetadataPercent));
        // New blocks are not zeroed: file systems never show what they did not write.
        Lvm.Run("lvconvert", "-y", "--zero", "n", "-c", $"{options.DirectBlockSize >> 10}K", "--thinpool", $"{group}/{Pool}", "--poolmetadata", $"{group}/{Metadata}");
        Lvm.Run("lvchange", "--errorwhenfull", "y", $"{group}/{Pool}");
        WriteProfile(record);
        Lvm.Run("lvchange", "--metadataprofile", ProfileName(record), $"{group}/{Pool}");
    }

    /// <summary>Tells LVM's monitor when to extend the pool, and by how much: as far as the group has room, which another disk gives it (vgextend).</summary>
    private void WriteProfile(PoolRecord record)
    {
        var path = ProfilePath(record);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Write(path, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
            activation {
                thin_pool_autoextend_threshold={{options.AutoExtendThreshold}}
                thin_pool_autoextend_percent={{options.AutoExtendPercent}}
            }

            """)));
    }

    private static string Group(PoolRecord record) => record.Prefix.Replace('-', '_');

    /// <summary>LVM's ids are 32 letters and digits in groups.</summary>
    internal static string VolumeId(PoolRecord record)
    {
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(record.Prefix)));
        return $"{digits[..6]}-{digits[6..10]}-{digits[10..14]}-{digits[14..18]}-{digits[18..22]}-{digits[22..26]}-{digits[26..32]}";
    }

    private static string ProfileName(PoolRecord record) => $"{Group(record)}-{Pool}";

    // lvm(8): where its configuration is.
    private static string ProfilePath(PoolRecord record) =>
        Path.Combine(Environment.GetEnvironmentVariable("LVM_SYSTEM_DIR") is { Length: > 0 } place ? place : "/etc/lvm", "profile", ProfileName(record) + ".profile");

    private static string Percent(int percent) => string.Create(CultureInfo.InvariantCulture, $"{percent}%VG");
}
