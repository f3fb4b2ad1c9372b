using System.Globalization;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>The file system on the devices: how it is made, mounted, made longer and known again.</summary>
/// <param name="type"><c>ext4</c> or <c>xfs</c>.</param>
/// <param name="options">What the user wants of it.</param>
internal sealed class DeviceFileSystem(string type, DeviceMapperOptions options)
{
    public const string Ext4 = "ext4", Xfs = "xfs";

    /// <summary>The kernel's name of it.</summary>
    public string Type => type;

    /// <summary>As <c>docker info</c> names it.</summary>
    public string DisplayName => type == Ext4 ? "extfs" : type;

    /// <summary>The program that makes one, and the package that has it.</summary>
    public static (string Program, string Package) Maker(string type) => type == Ext4 ? ("mkfs.ext4", "e2fsprogs") : ("mkfs.xfs", "xfsprogs");

    /// <summary>The file system of new pools.</summary>
    public static string Choose(DeviceMapperOptions options) => options.ChooseFileSystem(program => ExternalProgram.Find(program) is not null);

    /// <summary>Makes one on an empty device.</summary>
    public void Make(string device)
    {
        var (program, package) = Maker(type);
        // The journal is written once here: what a snapshot's journal never wrote must not be what another device left in the pool's blocks.
        IEnumerable<string> arguments = type == Ext4
            ? ["-q", "-F", "-E", "nodiscard,lazy_itable_init=1,lazy_journal_init=0"]
            : ["-q", "-f", "-K"];
        ExternalProgram.Run(program, package, [.. arguments, .. options.MkfsArguments, device]);
    }

    /// <summary>How a device is mounted.</summary>
    /// <param name="device">Its path.</param>
    /// <param name="committed">True where nothing may be written, not even by the file system itself.</param>
    /// <param name="readOnly">True where this mount refuses to write.</param>
    public MountPlan.FileSystem Plan(string device, bool committed, bool readOnly)
    {
        var parameters = new List<KeyValuePair<string, string?>>();
        if (committed)
            parameters.Add(new("ro", null));
        if (type == Xfs)
        {
            // Snapshots have the UUID of their origin.
            parameters.Add(new("nouuid", null));
            if (committed)
                parameters.Add(new("norecovery", null));
        }
        else
        {
            // Every container would have its inode tables zeroed in the background, and so allocated.
            parameters.Add(new("noinit_itable", null));
        }
        parameters.AddRange(options.MountOptions);
        return new MountPlan.FileSystem(type, device, parameters, readOnly || committed);
    }

    /// <summary>Sets what can be set only of a mounted one.</summary>
    public void Mounted(MappedDevice device)
    {
        if (type != Xfs || options.XfsRetries is not { } retries)
            return;
        // Documentation/admin-guide/xfs.rst: without it xfs tries for ever to write metadata into a full pool.
        var path = string.Create(CultureInfo.InvariantCulture, $"/sys/fs/xfs/dm-{device.Minor}/error/metadata/ENOSPC/max_retries");
        try
        {
            File.WriteAllText(path, retries.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, path, $"dm.xfs_nospace_max_retries could not be set by '{path}': {e.Message}",
                "Use a kernel that has that file (4.9 or later), with sysfs mounted to be written to; or a store without the option.", e);
        }
    }

    /// <summary>Makes a mounted file system as long as its device.</summary>
    public void Grow(SafeFileHandle root, long bytes) => FileSystemSize.Grow(root, type, bytes);

    /// <summary>Its UUID, from the superblock.</summary>
    public string IdentityOf(string device)
    {
        // ext4: s_uuid at 0x68 of the superblock at 1024; xfs: sb_uuid at 32.
        var bytes = BlockDevice.Read(device, 0, 4096);
        return Convert.ToHexStringLower(bytes.AsSpan(type == Ext4 ? 1024 + 0x68 : 32, 16));
    }

    /// <summary>Turns a new file system's root into what a container without an image sees: an empty directory that all may read.</summary>
    public static void Empty(SafeFileHandle root)
    {
        TreeRemover.Empty(root);
        if (Libc.Fchmod(root.Descriptor(), 0x1ED) < 0)
            throw LinuxError.Last("set the mode of", "the base device's root");
    }
}
