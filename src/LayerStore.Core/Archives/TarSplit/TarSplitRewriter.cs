namespace LayerStore.Archives.TarSplit;

/// <summary>
/// Puts into a tar-split the contents that are not on disk any more, and says where the others went. Rare: only layers come here that replace files of their own.
/// </summary>
internal static class TarSplitRewriter
{
    private const int PieceBytes = 48 << 10;

    /// <summary>Writes <paramref name="path"/> anew as <paramref name="rewritten"/>.</summary>
    public static void Rewrite(string path, string rewritten, DisplacedContents displaced)
    {
        var index = new DisplacedIndex(displaced.Events);
        using var reader = new TarSplitReader(path);
        using var writer = new TarSplitWriter(rewritten);
        while (reader.Read())
        {
            var entry = reader.Entry;
            if (entry.Type == TarSplitEntry.Segment)
                writer.AddSegment(entry.Payload.Span);
            else if (entry.Size == 0)
                writer.AddEmpty(entry.Name);
            else
                RewriteFile(writer, entry, index, displaced);
        }
        writer.Finish();
    }

    private static void RewriteFile(TarSplitWriter writer, TarSplitEntry entry, DisplacedIndex index, DisplacedContents displaced)
    {
        var (kept, place) = index.Find(entry.FilePath, entry.Position);
        if (kept is null)
        {
            var path = place.AsSpan().SequenceEqual(TarSplitEntry.PlainPath(entry.Name)) ? default : place;
            writer.AddFile(entry.Name, entry.Size, entry.Offset, path, entry.Checksum);
            return;
        }
        // The entry stays one of the format's, with its content behind it as bytes.
        writer.AddEmpty(entry.Name);
        var start = Math.Max(0, entry.Offset);
        var piece = new byte[(int)Math.Min(PieceBytes, entry.Size)];
        for (long done = 0; done < entry.Size;)
        {
            var count = (int)Math.Min(piece.Length, entry.Size - done);
            displaced.CopyTo(kept, start + done, piece.AsSpan(0, count));
            writer.AddSegment(piece.AsSpan(0, count));
            done += count;
        }
    }
}
