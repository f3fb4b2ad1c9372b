using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Drivers;

/// <summary>
/// A private directory in which a probe tries things; it goes away with everything in it, mounts included. Its name says whose it is, so that the next probe takes away what a process left that was killed,
/// or whose machine stopped.
/// </summary>
internal sealed class ProbeDirectory : IDisposable
{
    private const string Prefix = ".layerstore-probe-";

    private readonly List<string> _mounts = [];

    /// <summary>Makes it.</summary>
    /// <exception cref="StoreException">It cannot be made there.</exception>
    public ProbeDirectory(string parent)
    {
        RemoveStale(parent);
        Path = System.IO.Path.Combine(parent, NameFor(ProcessIdentity.Current));
        if (!DirectoryHandle.TryCreate(Path, 0x1C0))
            throw LinuxError.From(Errno.EEXIST, "create the directory", Path);
    }

    public string Path { get; }

    /// <summary>True for the name of such a directory, whoever made it.</summary>
    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A name for a directory of that process.</summary>
    internal static string NameFor(ProcessIdentity owner) => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{owner.Pid}.{owner.StartTime}.{owner.PidNamespace}.{owner.BootId}.{Guid.NewGuid():N}");

    /// <summary>Makes a directory inside.</summary>
    public string Make(string name)
    {
        var path = Inside(name);
        Directory.CreateDirectory(path);
        return path;
    }

    public string Inside(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Mounts for as long as the probe lasts.</summary>
    public void Mount(Mounts mounts, MountPlan plan, string target)
    {
        mounts.Mount(plan, target);
        _mounts.Add(target);
    }

    public void Dispose()
    {
        foreach (var mount in _mounts)
            _ = Libc.Umount2(mount, Libc.UMOUNT_NOFOLLOW | Libc.MNT_DETACH);
        TryRemove(Path);
    }

    private static void RemoveStale(string parent)
    {
        try
        {
            foreach (var path in Directory.EnumerateDirectories(parent, Prefix + "*").Where(IsStale).ToList())
            {
                foreach (var mount in MountTable.Below(path))
                    _ = Libc.Umount2(mount, Libc.UMOUNT_NOFOLLOW | Libc.MNT_DETACH);
                TryRemove(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where nobody may look, making a directory says why.
        }
    }

    private static bool IsStale(string path) =>
        System.IO.Path.GetFileName(path)[Prefix.Length..].Split('.') is [var pid, var start, var pidNamespace, var boot, _]
        && int.TryParse(pid, CultureInfo.InvariantCulture, out var process) && long.TryParse(start, CultureInfo.InvariantCulture, out var time)
        && long.TryParse(pidNamespace, CultureInfo.InvariantCulture, out var space)
        && !new ProcessIdentity(process, time, boot, space).IsAlive();

    private static void TryRemove(string path)
    {
        try
        {
            TreeRemover.Remove(path);
        }
        catch (StoreException)
        {
            // A probe never throws; what could not be removed is named so that anybody may remove it.
        }
    }
}
