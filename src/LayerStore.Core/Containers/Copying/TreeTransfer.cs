using System.Runtime.InteropServices;
using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Containers.Copying;

/// <summary>Copies trees between a container and the machine. Directories that are there keep what they are and have; trees of any depth and width cost two handles at a time.</summary>
/// <param name="rules">What copies look like.</param>
/// <param name="intoContainer">The direction: mounts are crossed on the machine's side only.</param>
/// <param name="forbidden">Directories that a copy may not run into: the store.</param>
/// <param name="progress">Told of the contents' bytes so far; null for nobody.</param>
/// <param name="cancellation">Stops between two entries.</param>
internal sealed unsafe class TreeTransfer(CopyRules rules, bool intoContainer, HashSet<(uint, uint, ulong)> forbidden, IProgress<long>? progress, CancellationToken cancellation)
{
    private const int MaxReported = 100;

    private readonly EntryCopy _entries = new(rules);
    private readonly ReportInterval _interval = new();
    private readonly List<string> _skipped = [];
    private readonly Dictionary<(uint, uint, ulong), (TreeDirectory Directory, byte[] Name)> _linked = [];
    private readonly Stack<(TreeDirectory Source, TreeDirectory Target, string Display)> _pending = new();
    private readonly Stack<(TreeDirectory Target, StatxData Data, OverrideStat Stat, string Display)> _made = new();

    /// <summary>Everything that was written.</summary>
    public long Entries { get; private set; }

    /// <summary>Contents that were written.</summary>
    public long Bytes { get; private set; }

    /// <summary>What was left out, the first ones.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>How much was left out.</summary>
    public long SkippedCount { get; private set; }

    /// <summary>Identifies a file or directory.</summary>
    public static (uint, uint, ulong) Identity(in StatxData data) => (data.FileSystemMajor, data.FileSystemMinor, data.Inode);

    /// <summary>Copies one entry and all that is below it.</summary>
    public void Copy(SafeFileHandle from, byte[] name, SafeFileHandle to, byte[] newName, string display)
    {
        var (source, target) = (new TreeDirectory(from), new TreeDirectory(to));
        CopyEntry(from, source, name, to, target, newName, display);
        Drain();
    }

    /// <summary>Copies what is in a directory into another one.</summary>
    public void CopyContents(SafeFileHandle from, SafeFileHandle to, string display)
    {
        _pending.Push((new TreeDirectory(from), new TreeDirectory(to), display));
        Drain();
    }

    private void Drain()
    {
        while (_pending.TryPop(out var at))
        {
            using var from = at.Source.TryOpen();
            using var to = at.Target.TryOpen();
            if (from is null || to is null)
                throw CopyErrors.Vanished(at.Display);
            Refuse(from, at.Display);
            foreach (var name in DirectoryReader.NamesOf(from))
            {
                cancellation.ThrowIfCancellationRequested();
                CopyEntry(from, at.Source, name, to, at.Target, name, $"{at.Display.TrimEnd('/')}/{Printable.Escape(name)}");
            }
        }
        // Last, and the deepest first: adding an entry changes a directory's time.
        while (_made.TryPop(out var made))
        {
            using var target = made.Target.TryOpen() ?? throw CopyErrors.Vanished(made.Display);
            FinishDirectory(target, made.Data, made.Stat, made.Display);
        }
    }

    private void CopyEntry(SafeFileHandle from, TreeDirectory source, byte[] name, SafeFileHandle to, TreeDirectory target, byte[] newName, string display)
    {
        StatxData data;
        var terminated = FileName.Terminated(name);
        fixed (byte* path = terminated)
        {
            if (Libc.Statx(from.Descriptor(), path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &data) < 0)
                throw Marshal.GetLastPInvokeError() == Errno.ENOENT ? CopyErrors.Vanished(display) : LinuxError.Last("look at", display);
        }
        var stat = rules.Describe(data, DirectoryHandle.EntryPath(from.Descriptor(), terminated));
        if (stat.Type is Libc.S_IFDIR != data.IsDirectory)
            stat = stat with { Mode = data.Type | (stat.Mode & ~Libc.S_IFMT) };
        if (rules.Refusal(stat.Type) is { } reason)
        {
            Skip(display, reason);
            return;
        }
        if (data.IsDirectory)
        {
            EnterDirectory(from, source, name, data, stat, to, target, newName, display);
            return;
        }
        if (data.LinkCount > 1 && _linked.TryGetValue(Identity(data), out var first) && TryLink(first, to, newName, display))
        {
            Entries++;
            return;
        }
        Bytes += _entries.Copy(from, name, data, stat, to, newName, display);
        Entries++;
        if (progress is not null && _interval.HasPassed())
            progress.Report(Bytes);
        if (data.LinkCount > 1)
            _linked.TryAdd(Identity(data), (target, newName));
    }

    private static bool TryLink((TreeDirectory Directory, byte[] Name) first, SafeFileHandle to, byte[] newName, string display)
    {
        using var directory = first.Directory.TryOpen();
        if (directory is null)
            return false;
        try
        {
            EntryCopy.Link(directory, first.Name, to, newName, display);
            return true;
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.InputOutputError)
        {
            // Somebody took it away, or it stands on another file system: then it is copied again.
            return false;
        }
    }

    private void EnterDirectory(
        SafeFileHandle from, TreeDirectory source, byte[] name, in StatxData data, OverrideStat stat, SafeFileHandle to, TreeDirectory target, byte[] newName, string display)
    {
        if (Child(from, source, name, crossesMounts: intoContainer) is not { } childSource)
        {
            Skip(display, "another file system is mounted there");
            return;
        }
        var isNew = false;
        fixed (byte* path = FileName.Terminated(newName))
        {
            isNew = Libc.MkdirAt(to.Descriptor(), path, 0x1C0) == 0;
            if (!isNew && Marshal.GetLastPInvokeError() != Errno.EEXIST)
                throw LinuxError.Last("create the directory", display);
        }
        if (Child(to, target, newName, crossesMounts: !intoContainer) is not { } childTarget)
            throw CopyErrors.TargetNoDirectory(display);
        Entries++;
        if (isNew)
        {
            // Owner and attributes now, while both are at hand; mode and times when everything is in it.
            using var made = childTarget.TryOpen() ?? throw CopyErrors.Vanished(display);
            var copy = rules.CopyOf(stat);
            if (rules.SetsOwner && Libc.Fchown(made.Descriptor(), copy.Uid, copy.Gid) < 0)
                throw LinuxError.Last("set the owner of", display);
            rules.CopyAttributes(DirectoryHandle.EntryPath(from.Descriptor(), FileName.Terminated(name)), DirectoryHandle.EntryPath(to.Descriptor(), FileName.Terminated(newName)));
            _made.Push((childTarget, data, stat, display));
        }
        _pending.Push((childSource, childTarget, display));
    }

    /// <summary>The directory below, by a path from the tree's root, or by a handle of its own where another mount begins and may be entered; null where none may be entered.</summary>
    private static TreeDirectory? Child(SafeFileHandle parent, TreeDirectory tree, byte[] name, bool crossesMounts)
    {
        using (var beneath = RootedPath.TryEnter(parent, name, Libc.O_PATH, crossesMounts: false))
        {
            if (beneath is not null)
                return tree.Child(name);
        }
        if (Marshal.GetLastPInvokeError() != Errno.EXDEV || !crossesMounts)
            return null;
        return RootedPath.TryEnter(parent, name, Libc.O_PATH, crossesMounts: true) is { } other ? new TreeDirectory(other) : null;
    }

    private void FinishDirectory(SafeFileHandle directory, in StatxData data, OverrideStat stat, string display)
    {
        var copy = rules.CopyOf(stat);
        if (Libc.Fchmod(directory.Descriptor(), rules.DiskMode(copy)) < 0)
            throw LinuxError.Last("set the mode of", display);
        if (rules.RecordsOverrides && copy.Write(directory.Descriptor()) < 0)
            throw LinuxError.Last("record the owner of", display);
        NodeCopy.SetTimes(directory.Descriptor(), data);
    }

    private void Refuse(SafeFileHandle directory, string display)
    {
        if (new TreeDirectory(directory).TryStat(out var data) && forbidden.Contains(Identity(data)))
            throw CopyErrors.IntoItself(display);
    }

    private void Skip(string display, string reason)
    {
        SkippedCount++;
        if (_skipped.Count < MaxReported)
            _skipped.Add($"{display}: {reason}");
    }
}
