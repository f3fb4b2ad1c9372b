using System.Text;
using LayerStore.Archives;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Archives;

/// <summary>
/// A private directory to extract into, with things beside it that no archive may touch: when the test ends, they must be what they were.
/// </summary>
public abstract unsafe partial class ExtractionTest : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly string _before;
    private int _extractions;

    protected ExtractionTest()
    {
        // Names that hostile paths reach for: beside the root, and with the root's own name as a prefix.
        foreach (var name in (string[])["victim", "layer1-evil", "etc"])
        {
            var victim = _directory.Make(name);
            File.WriteAllText(Path.Combine(victim, "hello"), "untouched");
            File.WriteAllText(Path.Combine(victim, "passwd"), "untouched");
        }
        _before = Fingerprint();
    }

    protected string Base => _directory.Path;

    /// <summary>The directory of the last extraction.</summary>
    protected string Root { get; private set; } = "";

    internal ExtractedLayer Extract(TarBuilder archive, WhiteoutDialect dialect = WhiteoutDialect.Overlay, bool openAt2 = true, ExtractionLimits? limits = null) =>
        Extract(archive.End(), dialect, openAt2, limits);

    internal ExtractedLayer Extract(
        byte[] archive, WhiteoutDialect dialect = WhiteoutDialect.Overlay, bool openAt2 = true, ExtractionLimits? limits = null, bool ordinaryUser = false) =>
        Extract(new MemoryStream(archive), dialect, openAt2, limits, ordinaryUser);

    internal ExtractedLayer Extract(
        Stream archive, WhiteoutDialect dialect = WhiteoutDialect.Overlay, bool openAt2 = true, ExtractionLimits? limits = null, bool ordinaryUser = false,
        Action<long>? bytesRead = null, Action<int>? prepare = null, CancellationToken cancellation = default)
    {
        Root = _directory.Make($"layer{++_extractions}");
        using var handle = DirectoryHandle.Open(Root);
        _ = Libc.Fchmod(handle.Descriptor(), 0x1c0);
        prepare?.Invoke(handle.Descriptor());
        var target = new ExtractionTarget(handle, Root, dialect, ordinaryUser);
        return LayerExtractor.Extract(
            archive, () => target, ahead: null, limits ?? ExtractionLimits.Default, bytesRead, openAt2, cancellation);
    }

    /// <summary>Extracts what must be refused.</summary>
    internal StoreException Refuse(string errorId, TarBuilder archive, ExtractionLimits? limits = null) => Refuse(errorId, archive.End(), limits);

    internal StoreException Refuse(string errorId, byte[] archive, ExtractionLimits? limits = null)
    {
        var error = Assert.Throws<StoreException>(() => Extract(archive, limits: limits));
        Assert.Equal(errorId, error.ErrorId);
        Assert.NotEmpty(error.RecommendedAction);
        return error;
    }

    /// <summary>Everything below the root, sorted: <c>path</c>, a slash behind directories, <c>!</c> behind whiteouts.</summary>
    protected string Listing() => string.Join(" ", Walk(Root, "").Select(node => node.Path + node.Type switch
    {
        'd' => "/",
        'c' when node.IsWhiteout => "!",
        _ => "",
    }));

    internal Node At(string path) => Stat(Path.Combine(Root, path), path) ?? throw new Xunit.Sdk.XunitException($"'{path}' is not there. There is: {Listing()}");

    internal bool Exists(string path) => Stat(Path.Combine(Root, path), path) is not null;

    protected string Content(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>An extended attribute's value; null where the file has none. Symbolic links are not followed.</summary>
    protected byte[]? Xattr(string path, string name)
    {
        var value = new byte[70000];
        fixed (byte* at = FileName.Terminated(Path.Combine(Root, path)), key = FileName.Terminated(name), bytes = value)
        {
            var length = Libc.LgetXattr(at, key, bytes, (nuint)value.Length);
            return length < 0 ? null : value[..(int)length];
        }
    }

    protected string? XattrText(string path, string name) => Xattr(path, name) is { } value ? Encoding.UTF8.GetString(value) : null;

    internal static IEnumerable<Node> Walk(string directory, string prefix)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            var node = Stat(path, prefix + Path.GetFileName(path));
            if (node is null)
                continue;
            yield return node;
            if (node.Type != 'd')
                continue;
            foreach (var child in Walk(path, node.Path + "/"))
                yield return child;
        }
    }

    internal static Node? Stat(string path, string shown)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
        {
            if (Libc.Statx(Libc.AT_FDCWD, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &data) < 0)
                return null;
        }
        var type = data.Type switch
        {
            Libc.S_IFDIR => 'd',
            Libc.S_IFLNK => 'l',
            Libc.S_IFCHR => 'c',
            Libc.S_IFBLK => 'b',
            Libc.S_IFIFO => 'p',
            Libc.S_IFSOCK => 's',
            _ => 'f',
        };
        return new Node(
            shown, type, data.Mode & 0xfffu, data.Uid, data.Gid, (long)data.Size, data.ModificationTime.Seconds, data.ModificationTime.Nanoseconds, data.Inode,
            data.LinkCount, data.DeviceMajor, data.DeviceMinor, (long)data.Blocks, type == 'l' ? new FileInfo(path).LinkTarget : null);
    }

    public void Dispose()
    {
        try
        {
            Assert.Equal(_before, Fingerprint());
        }
        finally
        {
            _directory.Dispose();
            GC.SuppressFinalize(this);
        }
    }

    private string Fingerprint() => string.Join("\n", Directory.EnumerateDirectories(_directory.Path)
        .Where(path => !LayerDirectory().IsMatch(Path.GetFileName(path)))
        .Order(StringComparer.Ordinal)
        .SelectMany(path => Walk(path, path + "/").Prepend(Stat(path, path)!))
        .Select(node => $"{node} {(node.Type == 'f' ? File.ReadAllText(node.Path) : "")}"));

    [System.Text.RegularExpressions.GeneratedRegex("^layer[0-9]+$")]
    private static partial System.Text.RegularExpressions.Regex LayerDirectory();
}
