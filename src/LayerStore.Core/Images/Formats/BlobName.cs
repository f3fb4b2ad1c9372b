namespace LayerStore.Images.Formats;

/// <summary>Names of files within an image archive: relative, with slashes.</summary>
internal static class BlobName
{
    /// <summary>Where an OCI layout keeps a blob.</summary>
    public static string OfBlob(Digest digest) => $"blobs/sha256/{digest.Hex}";

    /// <summary>The digest that a name of a content-addressed file claims: <c>blobs/sha256/HEX</c>, <c>HEX.json</c>, <c>sha256:HEX</c>.</summary>
    public static Digest? ClaimedDigest(string name)
    {
        var claim = name switch
        {
            _ when name.StartsWith("blobs/sha256/", StringComparison.Ordinal) => "sha256:" + name["blobs/sha256/".Length..],
            _ when name.EndsWith(".json", StringComparison.Ordinal) => "sha256:" + name[..^".json".Length],
            _ => name,
        };
        return Digest.TryParse(claim, out var digest) ? digest : null;
    }

    /// <summary>True for a name that stays below the archive's root whatever the file system makes of it.</summary>
    public static bool IsSafe(string name)
    {
        if (name.Length is 0 or > 4096 || name[0] == '/' || name.Contains('\0', StringComparison.Ordinal))
            return false;
        foreach (var range in name.AsSpan().Split('/'))
            if (name.AsSpan()[range] is "..")
                return false;
        return true;
    }

    /// <summary>Without empty and <c>.</c> components, as <c>tar -c .</c> writes them; null where a <c>..</c> leads above the root.</summary>
    public static string? Normalize(string name)
    {
        var parts = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count == 0)
                return null;
            else
                parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }
}
