using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers;

/// <summary>
/// Gives writable layers a project of their own, which counts what they take and limits it. Nothing is written down: a layer's directory carries its number, and the file system's
/// accounts say which numbers are free.
/// </summary>
internal sealed class LayerProjects
{
    /// <summary>What gives a file system project quota.</summary>
    public const string Remedy =
        "Mount xfs with pquota, or make ext4 with 'mkfs.ext4 -O quota,project' and mount it with prjquota (tune2fs adds both to one that is not mounted); "
        + "without it containers have no limit.";

    // Below it administrators choose numbers by hand (/etc/projid), and Docker counts from 1. A home that belongs to a project moves the range behind that, as with Docker.
    private const uint FirstProject = 0x100000;
    private const uint Range = 1u << 30;
    private const int Attempts = 16;

    private readonly string _driver, _home;
    private readonly ProjectQuota _quota;
    private readonly uint _first, _inherited;

    private LayerProjects(string driver, string home, ProjectQuota quota, uint inherited) =>
        (_driver, _home, _quota, _inherited, _first) = (driver, home, quota, inherited, inherited == 0 ? FirstProject : inherited + 1);

    /// <summary>The projects of a driver's layers; null where the file system has none.</summary>
    /// <param name="driver">The driver's name.</param>
    /// <param name="home">Its directory, which exists.</param>
    /// <param name="missing">Why there are none.</param>
    public static LayerProjects? TryOpen(string driver, string home, out string missing) =>
        TryOpen(driver, home, new ProjectQuota(home), out missing);

    /// <summary>As <see cref="TryOpen(string, string, out string)"/>, with that access to the quotas.</summary>
    internal static LayerProjects? TryOpen(string driver, string home, ProjectQuota quota, out string missing)
    {
        missing = quota.Missing();
        if (missing.Length > 0)
            return null;
        using var handle = DirectoryHandle.Open(home);
        return new LayerProjects(driver, home, quota, ProjectQuota.InheritedProject(handle));
    }

    /// <summary>True where the home itself belongs to a project: directories that are moved within it then have to belong to the same.</summary>
    public bool HomeInherits => _inherited != 0;

    /// <summary>Gives new empty directories a project that nobody else has, and its limit.</summary>
    public void Adopt(IReadOnlyList<string> directories, LayerQuota? quota)
    {
        SafeFileHandle[] handles = [.. directories.Select(DirectoryHandle.Open)];
        try
        {
            var project = Allot(handles, directories);
            // Always: a number whose last layer went in a crash may still have that one's limit.
            _quota.Limit(project, quota?.MaxBytes, quota?.MaxInodes);
        }
        finally
        {
            foreach (var handle in handles)
                handle.Dispose();
        }
    }

    /// <summary>The project that a layer's directory has for itself; 0 where it has none, or the directory is not there.</summary>
    public uint Of(string directory)
    {
        if (!Directory.Exists(directory))
            return 0;
        using var handle = DirectoryHandle.Open(directory);
        return ProjectQuota.InheritedProject(handle) is var project && project != _inherited ? project : 0;
    }

    /// <summary>Bytes and inodes that a layer's directory takes, by the file system's accounts; null where it has no project.</summary>
    public LayerAccount? Read(string directory)
    {
        var project = Of(directory);
        if (project == 0)
            return null;
        var account = _quota.Read(project);
        return new LayerAccount(account.Bytes, account.Inodes);
    }

    /// <summary>Limits a layer's directory in the place of the limit that it has.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverUnsupported"/>: it has no project.</exception>
    public void Limit(string directory, LayerId id, LayerQuota quota)
    {
        var project = Of(directory);
        if (project == 0)
            throw QuotaErrors.Unsupported(_driver, id.Value, "the layer was made before its file system had project quota");
        _quota.Limit(project, quota.MaxBytes, quota.MaxInodes);
    }

    /// <summary>Takes a project's limit away, whose directories are gone: its number may be given again.</summary>
    public void Release(uint project)
    {
        if (project != 0)
            _quota.Limit(project, null, null);
    }

    private uint Allot(SafeFileHandle[] handles, IReadOnlyList<string> paths)
    {
        using var home = DirectoryHandle.Open(_home);
        if (Libc.Flock(home.Descriptor(), Libc.LOCK_EX) < 0)
            throw LinuxError.Last("lock", _home);
        var from = _first;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var project = FindFree(from);
            for (var i = 0; i < handles.Length; i++)
                ProjectQuota.Join(handles[i], project, paths[i]);
            // The lock is this store's; another one on the file system may have found the same number at the same moment.
            if (_quota.Read(project).Inodes == handles.Length)
                return project;
            from = project + 1 + (uint)Random.Shared.Next(1024);
        }
        throw new StoreException(ErrorIds.StoreBusy, StoreErrorKind.InUse, _home,
            $"No project number is free for a new layer in '{Printable.Escape(_home)}': other programs take them at the same time.", "Run the command again.");
    }

    /// <summary>A number without files. Numbers fill up from below, so that the gap is found by doubling and halving and the quota file stays dense.</summary>
    private uint FindFree(uint from)
    {
        if (IsFree(from))
            return from;
        uint used = 0, free = 1;
        for (; !IsFree(from + free); free <<= 1)
        {
            if (free >= Range)
                throw new StoreException(ErrorIds.DiskFull, StoreErrorKind.NoSpace, _home, "Every project number of the store's range is in use.", "Remove containers.");
            used = free;
        }
        while (free - used > 1)
        {
            var middle = used + (free - used) / 2;
            if (IsFree(from + middle))
                free = middle;
            else
                used = middle;
        }
        return from + free;
    }

    private bool IsFree(uint project) => _quota.Read(project).Inodes == 0;
}
