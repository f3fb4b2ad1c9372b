using LayerStore.Tests.Archives;

namespace LayerStore.Tests.Hostile;

/// <summary>
/// The one table of what hostile layers become: each is imported on every driver by <see cref="HostileImports"/>. Documents beside the layers, digests, references,
/// interruptions and several processes at once are no matter of drivers: see BadDocumentTests, BadArchiveTests, DigestTests, CrashTests and KilledImportTests.
/// </summary>
internal static partial class HostileCases
{
    /// <summary>All of them.</summary>
    /// <param name="decoy">The absolute path of a directory outside of the store, with the files <c>hello</c> and <c>passwd</c>, that they reach for.</param>
    public static IReadOnlyList<HostileCase> All(string decoy) =>
        [.. Paths(decoy), .. Links(decoy), .. HardLinks(decoy), .. Whiteouts(decoy), .. Attributes(decoy), .. Numbers(), .. Framing()];

    /// <summary>A few that a driver has most part in: where it joins layers, undoes one, or its file system must hold what they have.</summary>
    /// <inheritdoc cref="All"/>
    public static IEnumerable<HostileCase> OfDrivers(string decoy) => All(decoy)
        .Where(hostile => hostile.Layers.Count > 1 ? hostile.Name[..3] is "M05" or "M12" or "M14" or "M20" or "M26" or "M33" or "M34" or "M45" : hostile.Name[..3] is "M35" or "M48")
        .DistinctBy(hostile => hostile.Name[..3]);

    /// <summary>A path that leads out of any directory.</summary>
    private static string Up(string path) => string.Concat(Enumerable.Repeat("../", 30)) + path.TrimStart('/');

    /// <summary>A file whose name is longer than a header's field.</summary>
    private static TarBuilder LongFile(this TarBuilder tar, string name, string content) => tar.GnuLong('L', name).File("x", content);

    /// <summary>A symbolic link with a long target.</summary>
    private static TarBuilder LongLink(this TarBuilder tar, string name, string target) => tar.GnuLong('K', target).Symlink(name, "x");

    /// <summary>A hard link with a long target.</summary>
    private static TarBuilder LongHardLink(this TarBuilder tar, string name, string target, uint mode = 0x1a4) => tar.GnuLong('K', target).HardLink(name, "x", mode);
}
