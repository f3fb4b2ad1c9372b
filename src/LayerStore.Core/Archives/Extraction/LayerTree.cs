using LayerStore.Archives.Tar;
using LayerStore.Archives.TarSplit;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

/// <summary>
/// The private directory that a layer is extracted into: makes one entry after the other, by the rules of the OCI image specification's layer
/// changesets, and counts what it makes. Nothing outside the directory can be reached: see <see cref="DirectoryStack"/>.
/// </summary>
internal sealed unsafe partial class LayerTree : IDisposable
{
    // In octal 0777, 0600, 0700, 0755 and 02000.
    private const uint Permissions = 0x1ff, OwnerReadWrite = 0x180, OwnerAll = 0x1c0, UndescribedMode = 0x1ed, S_ISGID = 0x400;

    // What the kernel gave, where an entry's own attributes are compared with it.
    private readonly uint _uid = Libc.Geteuid(), _gid = Libc.Getegid(), _umask;
    private readonly bool _ordinary, _userDialect, _plain;
    private readonly string _displayRoot;
    private readonly ExtractionLimits _limits;
    private readonly DirectoryStack _here, _there;
    private readonly LayerNotes _notes;
    private readonly EntryPath _path = new(), _linkPath = new();
    private readonly ByteBuffer _canonical = new();
    private TarEntry _entry = null!;
    private uint _rootMode = UndescribedMode;
    private long _bytes, _inodes, _whiteouts, _opaques;
    private bool _rootSeen, _hasPlinks;

    /// <summary>Opens the directory.</summary>
    /// <param name="target">Where the layer goes; empty.</param>
    /// <param name="limits">For paths.</param>
    /// <param name="useOpenAt2">False to walk paths component by component, as on kernels without openat2.</param>
    public LayerTree(ExtractionTarget target, ExtractionLimits limits, bool useOpenAt2)
    {
        _displayRoot = target.DisplayPath;
        _ordinary = target.RecordOverrides;
        _userDialect = target.Dialect == WhiteoutDialect.OverlayUser;
        _plain = target.Dialect == WhiteoutDialect.None;
        _limits = limits;
        _notes = new LayerNotes(limits);
        _umask = ReadUmask();
        var held = false;
        try
        {
            target.Directory.DangerousAddRef(ref held);
            var descriptor = (int)target.Directory.DangerousGetHandle();
            _here = new DirectoryStack(Reopen(descriptor), _displayRoot, useOpenAt2);
            _there = new DirectoryStack(Reopen(descriptor), _displayRoot, useOpenAt2);
        }
        catch
        {
            _here?.Dispose();
            throw;
        }
        finally
        {
            if (held)
                target.Directory.DangerousRelease();
        }
        // A default ACL on the store's own directories is none of the image's business.
        fixed (byte* name = "system.posix_acl_default\0"u8)
            _here.Root.HasDefaultAcl = Libc.FgetXattr(_here.Root.Descriptor, name, null, 0) > 0;
        _here.WatchAcls = _here.Root.HasDefaultAcl;
    }

    public bool RootIsOpaque { get; private set; }

    public bool RootIsDescribed { get; private set; }

    public Usage Usage => new(_bytes, _inodes);

    public long Whiteouts => _whiteouts;

    /// <summary>False from the first thing on that was written as only overlayfs understands it, whether or not it is still there.</summary>
    public bool FilesOnly { get; private set; } = true;

    public LayerNotes Notes => _notes;

    /// <summary>Where files go that the archive replaces; null where nobody wants them.</summary>
    public DisplacedContents? Displaced { get; init; }

    /// <summary>True where the last entry became a regular file.</summary>
    public bool EntryIsFile { get; private set; }

    /// <summary>Where the last entry really went: its path, clean and without symbolic links. Valid until the next one.</summary>
    public ReadOnlySpan<byte> EntryPath => _here.Path.SequenceEqual(_path.Parent) ? _path.Span : Canonical(_path.Name);

    /// <summary>Makes what the reader's entry says.</summary>
    public void Add(TarReader reader)
    {
        _entry = reader.Entry;
        EntryIsFile = false;
        _path.Set(_entry.Name.Span, _entry, _limits);
        if (!_rootSeen)
        {
            _rootSeen = true;
            _here.Root.ModificationTime = _here.Root.AccessTime = _entry.ModificationTime;
            _here.Root.IsDirty = true;
        }
        if (_path.IsRoot)
        {
            DescribeRoot();
            return;
        }
        switch (_plain ? WhiteoutName.None : WhiteoutNames.Classify(_path.Span))
        {
            case WhiteoutName.None: AddFile(reader); break;
            case WhiteoutName.Metadata: break;
            case WhiteoutName.Invalid: throw ArchiveErrors.Unsafe(_entry.ToString(), "it is no valid whiteout");
            case WhiteoutName.Opaque:
                ThrowIfDirectory();
                AddOpaque();
                break;
            case WhiteoutName.Whiteout:
                ThrowIfDirectory();
                AddNamedWhiteout();
                break;
            case WhiteoutName.Plink when _entry.Type == TarEntryType.File:
                _hasPlinks = true;
                AddFile(reader);
                break;
            case WhiteoutName.Plink: break;
            default: throw new InvalidOperationException();
        }
    }

    /// <summary>Gives all directories their times and the root its mode. Nothing may be added afterwards.</summary>
    public void Finish()
    {
        _there.ReturnToRoot();
        _here.ReturnToRoot();
        if (_hasPlinks)
            RemovePlinks();
        if (_whiteouts > 0 && (_opaques > 0 || RootIsOpaque))
        {
            var removed = StaleWhiteouts.Remove(_here.Root.Descriptor, _displayRoot, RootIsOpaque);
            _whiteouts -= removed;
            _inodes -= removed;
        }
        ref var root = ref _here.Root;
        if (_ordinary && !RootIsDescribed && new OverrideStat(0, 0, Libc.S_IFDIR | _rootMode).Write(root.Descriptor) < 0)
            throw LinuxError.Last("record the owner of", _displayRoot);
        if (Libc.Fchmod(root.Descriptor, _ordinary ? (_rootMode & Permissions) | OwnerAll : _rootMode) < 0)
            throw LinuxError.Last("set the mode of", _displayRoot);
        if (root.RestoreTimes() < 0)
            throw LinuxError.Last("set the time of", _displayRoot);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    private void AddFile(TarReader reader)
    {
        Enter(_here, _path.Parent, make: true);
        if (_notes.HasPendingLinks)
            _notes.DropPendingLink(Canonical(_path.Name));
        switch (_entry.Type)
        {
            case TarEntryType.File: AddRegularFile(reader); break;
            case TarEntryType.Directory: AddDirectory(); break;
            case TarEntryType.SymbolicLink: AddSymbolicLink(); break;
            case TarEntryType.HardLink: AddHardLink(); break;
            // Overlayfs's own whiteout in an archive: Docker's overlay2 takes it for one, and it must mean the same on every driver.
            case TarEntryType.CharacterDevice when !_plain && _entry.DeviceMajor == 0 && _entry.DeviceMinor == 0: AddWhiteout(_path.Name); break;
            default: AddNode(); break;
        }
    }

    private void DescribeRoot()
    {
        if (_entry.Type != TarEntryType.Directory)
            throw ArchiveErrors.Unsafe(_entry.ToString(), "the layer's root can only be a directory");
        _here.ReturnToRoot();
        RootIsDescribed = true;
        ref var root = ref _here.Root;
        root.AccessTime = _entry.AccessTime;
        root.ModificationTime = _entry.ModificationTime;
        // The directory stays private while it is filled; its mode comes at the end.
        _rootMode = _entry.Mode;
        if (_ordinary)
            RecordOverride(root.Descriptor, Libc.S_IFDIR);
        else if (Libc.Fchown(root.Descriptor, _entry.Uid, _entry.Gid) < 0)
            throw Failed("change the owner of");
        if (_entry.XattrCount > 0)
            SetXattrs(root.Descriptor, isRegular: false);
        LearnAgain(ref root);
    }

    /// <summary>The path of a name in the current directory, without symbolic links. Valid until the next call.</summary>
    private ReadOnlySpan<byte> Canonical(ReadOnlySpan<byte> name)
    {
        _canonical.Set(_here.Path);
        if (_canonical.Length > 0)
            _canonical.Append("/"u8);
        _canonical.Append(name);
        return _canonical.Span;
    }

    private void ThrowIfDirectory()
    {
        if (_entry.Type == TarEntryType.Directory)
            throw ArchiveErrors.Unsafe(_entry.ToString(), "a whiteout is no directory");
    }

    private StoreException Failed(string operation) => LinuxError.Last(operation, _entry.ToString());

    private StoreException Failed(int errno, string operation) => LinuxError.From(errno, operation, _entry.ToString());

    // Another handle: the caller's may be an O_PATH one, and each stack closes its own.
    private int Reopen(int directory)
    {
        var dot = stackalloc byte[2] { (byte)'.', 0 };
        var descriptor = Libc.OpenAt(directory, dot, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        return descriptor >= 0 ? descriptor : throw LinuxError.Last("open the directory", _displayRoot);
    }

    /// <summary>The process's umask, which only a file of the kernel says without changing it. Where it does not, every mode is set explicitly.</summary>
    private static uint ReadUmask()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("Umask:", StringComparison.Ordinal))
                    return Convert.ToUInt32(line["Umask:".Length..].Trim(), 8);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            // No /proc here.
        }
        return Permissions;
    }
}
