using System.Text;
using LayerStore.Tests.Archives;

namespace LayerStore.Tests.Export;

/// <summary>
/// A layer archive made by chance, always the same for the same seed: every dialect's headers, names that come again, hard links in any order,
/// sparse files, whiteouts with content, trailing bytes. Everything in it may be extracted.
/// </summary>
internal sealed class RandomArchive(int seed)
{
    private readonly Random _random = new(seed);
    private readonly TarBuilder _tar = new();
    private readonly List<string> _files = [];
    private readonly List<string> _links = [];

    // Names are few, so that they come again; a file and a directory never share one, which would be refused below a file.
    private static readonly string[] s_directories = ["", "d/", "d/e/", "usr/", "usr/lib/", "lib/", "through/"];

    /// <summary>The archive.</summary>
    /// <param name="lower">True for a layer that something else will stand on.</param>
    public byte[] Make(bool lower)
    {
        if (_random.Next(2) == 0)
            _tar.Directory("./");
        if (_random.Next(2) == 0)
            _tar.PaxGlobal(("comment", TarBuilder.Text("0123456789abcdef")), ("mtime", TarBuilder.Text("1700000001.5")));
        if (lower)
            _tar.Directory("usr/").Directory("usr/lib/").Symlink("lib", "usr/lib").Symlink("through", "d").Directory("d/");
        else if (_random.Next(2) == 0)
            _tar.Symlink("through", "d");
        for (var entries = _random.Next(5, 60); entries > 0; entries--)
            Add(lower);
        var archive = _tar.End();
        return _random.Next(3) switch
        {
            0 => [.. archive, .. new byte[9 * 1024]],
            1 => [.. archive, .. Content(_random.Next(1, 3000))],
            _ => archive,
        };
    }

    private void Add(bool lower)
    {
        var name = Pick(s_directories) + "f" + _random.Next(6);
        switch (_random.Next(14))
        {
            case 0: _tar.Directory(Pick(["d/", "d/e/", "usr/", "usr/lib/", "./d/"])); break;
            case 1: _tar.Symlink(Pick(s_directories) + "s" + _random.Next(3), "../f1"); break;
            case 2 when _files.Count > 0: _tar.HardLink(Pick(s_directories) + "f" + _random.Next(6, 9), Pick([.. _files])); break;
            case 3 when !lower: _tar.File(Pick(s_directories) + ".wh.gone" + _random.Next(3), Content(_random.Next(2) * _random.Next(1, 900))); break;
            case 4 when !lower: _tar.File(Pick(["d/", "usr/lib/", "d/e/"]) + ".wh..wh..opq"); break;
            case 5: _tar.File(Pick(["", "d/"]) + "tree", Content(_random.Next(700))); break;
            case 6: Tree(Pick(["", "d/"]) + "tree/"); break;
            case 7: OldGnuSparse(name); break;
            case 8: PaxSparse(name); break;
            case 9: LongName(name); break;
            default: File(name); break;
        }
    }

    private void File(string name)
    {
        _files.Add(name);
        var content = Content(_random.Next(5) switch { 0 => 0, 1 => _random.Next(100_000), 2 => 512 * _random.Next(4), _ => _random.Next(2000) });
        switch (_random.Next(5))
        {
            case 0: _tar.File("./" + name, content); break;
            case 1: _tar.File("/" + name.Replace("/", "//", StringComparison.Ordinal), content); break;
            case 2: _tar.Add(new() { Name = TarBuilder.Text(name), Type = '\0', Magic = "", Size = content.Length }, content); break;
            case 3: _tar.Pax(("path", TarBuilder.Text(name)), ("SCHILY.xattr.user.k", [0, 255, 10]), ("mtime", TarBuilder.Text("1700000000.123456789"))).File("x", content); break;
            default: _tar.Add(new() { Name = TarBuilder.Text(name), Magic = "ustar  \0", Size = content.Length, Uid = 3_000_000 }, content); break;
        }
    }

    private void Tree(string directory)
    {
        _tar.Directory(directory);
        for (var files = _random.Next(4); files > 0; files--)
            _tar.File(directory + _random.Next(3), Content(_random.Next(700)));
    }

    private void LongName(string name)
    {
        // A name that is not UTF-8, too long for a header.
        var directory = name[..(name.LastIndexOf('/') + 1)];
        byte[] bytes = [.. TarBuilder.Text(directory), 0xff, (byte)'"', (byte)'\\', .. Enumerable.Repeat((byte)'n', 150)];
        if (_random.Next(2) == 0)
            _tar.GnuLong('L', [.. bytes, 0]);
        else
            _tar.Pax(("path", bytes));
        _tar.File("short", Content(_random.Next(1, 3000)));
    }

    private void OldGnuSparse(string name)
    {
        var segments = Segments(_random.Next(1, 40), out var realSize);
        var content = Content(segments.Sum(segment => segment.Length));
        var more = new byte[(Math.Max(0, segments.Count - 4) + 20) / 21 * 512];
        for (var index = 4; index < segments.Count; index++)
        {
            var at = (index - 4) / 21 * 512 + (index - 4) % 21 * 24;
            TarBuilder.Number(more, at, 12, segments[index].Offset);
            TarBuilder.Number(more, at + 12, 12, segments[index].Length);
            more[(index - 4) / 21 * 512 + 504] = (byte)(index + 21 - (index - 4) % 21 < segments.Count ? 1 : 0);
        }
        _tar.Add(new()
        {
            Name = TarBuilder.Text(name),
            Type = 'S',
            Magic = "ustar  \0",
            Size = content.Length,
            Change = block =>
            {
                for (var index = 0; index < Math.Min(4, segments.Count); index++)
                {
                    TarBuilder.Number(block, 386 + index * 24, 12, segments[index].Offset);
                    TarBuilder.Number(block, 398 + index * 24, 12, segments[index].Length);
                }
                block[482] = (byte)(segments.Count > 4 ? 1 : 0);
                TarBuilder.Number(block, 483, 12, realSize);
            },
        });
        _tar.Raw(more).Content(content);
    }

    private void PaxSparse(string name)
    {
        var segments = Segments(_random.Next(1, 30), out var realSize);
        var content = Content(segments.Sum(segment => segment.Length));
        var text = new StringBuilder().Append(segments.Count).Append('\n');
        foreach (var (offset, length) in segments)
            text.Append(offset).Append('\n').Append(length).Append('\n');
        var map = Encoding.ASCII.GetBytes(text.ToString());
        _tar.Pax(
            ("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.name", TarBuilder.Text(name)),
            ("GNU.sparse.realsize", TarBuilder.Text($"{realSize}")));
        _tar.File("GNUSparseFile.0/x", [.. map, .. new byte[-map.Length & 511], .. content]);
    }

    private List<(long Offset, int Length)> Segments(int count, out long realSize)
    {
        var segments = new List<(long, int)>();
        long at = 0;
        for (var index = 0; index < count; index++)
        {
            at += _random.Next(3) * 5000;
            var length = _random.Next(4) == 0 ? 0 : _random.Next(1, 3000);
            // An old GNU map ends where a slot has neither; offsets that are no number at all do not occur.
            segments.Add((at, length));
            at += length;
        }
        realSize = at + _random.Next(2) * 10_000;
        return segments;
    }

    private byte[] Content(int length)
    {
        var content = new byte[length];
        _random.NextBytes(content);
        return content;
    }

    private string Pick(string[] choices) => choices[_random.Next(choices.Length)];
}
