using LayerStore.Archives.Tar;

namespace LayerStore.Archives.Extraction;

/// <summary>
/// A path of an archive, made relative to the layer's root and clean: no empty, <c>.</c> or <c>..</c> components, no slash at either end, a NUL behind it.
/// Reused; the bytes are pinned, so that system calls take them as they are.
/// </summary>
internal sealed unsafe class EntryPath
{
    // Linux's NAME_MAX.
    private const int MaxNameBytes = 255;

    private byte[] _buffer = GC.AllocateArray<byte>(4200, pinned: true);

    /// <summary>Bytes of the whole path; 0 for the root itself.</summary>
    public int Length { get; private set; }

    /// <summary>Where the last component begins.</summary>
    public int NameStart { get; private set; }

    public bool IsRoot => Length == 0;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    /// <summary>The last component.</summary>
    public ReadOnlySpan<byte> Name => _buffer.AsSpan(NameStart, Length - NameStart);

    /// <summary>What is above the last component; empty for the root.</summary>
    public ReadOnlySpan<byte> Parent => _buffer.AsSpan(0, Math.Max(0, NameStart - 1));

    /// <summary>The last component with a NUL behind it.</summary>
    public byte* NamePointer => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _buffer[NameStart]);

    /// <summary>Takes a path of the archive.</summary>
    /// <param name="raw">Its bytes. A slash before it means nothing, as in Docker; <c>a/../b</c> is <c>b</c>.</param>
    /// <param name="entry">For messages.</param>
    /// <param name="limits">For length and depth.</param>
    /// <exception cref="StoreException">It is empty, contains a NUL, is too long or leaves the root.</exception>
    public void Set(ReadOnlySpan<byte> raw, TarEntry entry, ExtractionLimits limits)
    {
        if (raw.IsEmpty)
            throw ArchiveErrors.Unsafe(entry.ToString(), "an empty name");
        if (raw.Contains((byte)0))
            throw ArchiveErrors.Unsafe(entry.ToString(), "its path contains a NUL");
        if (raw.Length > limits.MaxPathBytes)
        {
            throw ArchiveErrors.LimitExceeded(
                Printable.Escape(raw[..Math.Min(raw.Length, 100)]), $"has a path of {raw.Length} bytes", nameof(limits.MaxPathBytes), limits.MaxPathBytes);
        }
        if (raw.Length + 2 > _buffer.Length)
            _buffer = GC.AllocateArray<byte>(raw.Length + 2, pinned: true);
        Length = NameStart = 0;
        var depth = 0;
        while (!raw.IsEmpty)
        {
            var slash = raw.IndexOf((byte)'/');
            var component = slash < 0 ? raw : raw[..slash];
            raw = slash < 0 ? [] : raw[(slash + 1)..];
            if (component.IsEmpty || component is [(byte)'.'])
                continue;
            if (component is [(byte)'.', (byte)'.'])
            {
                if (Length == 0)
                    throw ArchiveErrors.Unsafe(entry.ToString(), "its path leaves the layer's root");
                Length = Math.Max(0, _buffer.AsSpan(0, Length).LastIndexOf((byte)'/'));
                depth--;
                continue;
            }
            if (component.Length > MaxNameBytes)
                throw ArchiveErrors.Unsafe(entry.ToString(), $"a name of {component.Length} bytes; Linux has {MaxNameBytes} at most");
            if (Length > 0)
                _buffer[Length++] = (byte)'/';
            component.CopyTo(_buffer.AsSpan(Length));
            Length += component.Length;
            depth++;
        }
        if (depth > limits.MaxPathDepth)
            throw ArchiveErrors.LimitExceeded(entry.ToString(), $"lies {depth} directories deep", nameof(limits.MaxPathDepth), limits.MaxPathDepth);
        _buffer[Length] = 0;
        NameStart = _buffer.AsSpan(0, Length).LastIndexOf((byte)'/') + 1;
    }

    public override string ToString() => Printable.Escape(Span);
}
