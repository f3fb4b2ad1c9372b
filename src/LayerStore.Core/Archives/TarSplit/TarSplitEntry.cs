namespace LayerStore.Archives.TarSplit;

/// <summary>
/// One object of a tar-split (github.com/vbatts/tar-split, tar/storage): bytes to copy as they are, or a file whose bytes come from disk.
/// Two fields are our own, and others ignore them: <c>offset</c> and <c>path_raw</c>.
/// </summary>
internal sealed class TarSplitEntry
{
    /// <summary>The format's numbers for the two kinds.</summary>
    public const int File = 1, Segment = 2;

    /// <summary>An <see cref="Offset"/> that stands for the whole file.</summary>
    public const long Whole = -1;

    /// <summary><see cref="File"/> or <see cref="Segment"/>.</summary>
    public int Type { get; set; }

    /// <summary>How many objects came before.</summary>
    public long Position { get; set; }

    /// <summary>A file's name, as its header has it.</summary>
    public byte[] Name { get; set; } = [];

    /// <summary>Bytes to read; 0 where the entry has no content, or its content follows as a segment.</summary>
    public long Size { get; set; }

    /// <summary>Where in the file they begin: a sparse file has one object for each of its segments. <see cref="Whole"/> where they are the whole file.</summary>
    public long Offset { get; set; }

    /// <summary>Where the file stands in the layer, where its name alone (<see cref="PlainPath"/>) does not say it; else null.</summary>
    public byte[]? Path { get; set; }

    /// <summary>Where the file stands in the layer, without a slash before it.</summary>
    public byte[] FilePath => Path ?? PlainPath(Name).ToArray();

    /// <summary>The bytes of a segment.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>The checksum of a file's bytes; 0 where <see cref="Size"/> is.</summary>
    public ulong Checksum { get; set; }

    /// <summary>What most names mean: <c>./a/b</c> and <c>/a/b</c> are <c>a/b</c>.</summary>
    public static ReadOnlySpan<byte> PlainPath(ReadOnlySpan<byte> name)
    {
        while (name is [(byte)'/', ..] or [(byte)'.', (byte)'/', ..])
            name = name[(name[0] == '/' ? 1 : 2)..];
        return name;
    }
}
