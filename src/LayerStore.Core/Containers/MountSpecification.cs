using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Containers;

/// <summary>Docker's short form of what a container is to have at a path (<c>docker create -v</c>): <c>name:/path</c>, <c>/directory:/path</c> or <c>/path</c>, and options.</summary>
internal static class MountSpecification
{
    private const int MaxPathBytes = 4095;

    /// <summary>Reads some, for one container.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ArgumentInvalid"/>, <see cref="ErrorIds.VolumeNameInvalid"/>.</exception>
    public static IReadOnlyList<ContainerMountRecord> ParseAll(IReadOnlyList<string> texts)
    {
        var mounts = new List<ContainerMountRecord>();
        foreach (var text in texts)
        {
            var mount = Parse(text);
            if (mounts.Exists(other => other.Path == mount.Path))
                throw Invalid(text, $"another one has the path '{Printable.Escape(mount.Path)}'");
            mounts.Add(mount);
        }
        return mounts;
    }

    /// <summary>Reads one.</summary>
    public static ContainerMountRecord Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length > 3)
            throw Invalid(text, "it has more than three parts");
        if (parts.Length == 2 && !parts[1].StartsWith('/'))
            throw Invalid(text, parts[0].StartsWith('/') ? "options need a volume before the path" : "the path in the container is not absolute");
        var path = Normalize(text, parts[parts.Length == 1 ? 0 : 1]);
        var (readOnly, copies) = Options(text, parts.Length == 3 ? parts[2] : "");
        if (parts.Length == 1)
            return new ContainerMountRecord(path, null, null, readOnly, copies, Anonymous: true);
        if (!parts[0].StartsWith('/'))
        {
            VolumeName.Validate(parts[0]);
            return new ContainerMountRecord(path, parts[0], null, readOnly, copies, Anonymous: false);
        }
        return copies ? new ContainerMountRecord(path, null, Clean(parts[0]), readOnly, false, Anonymous: false) : throw Invalid(text, "nocopy is for volumes: nothing is ever copied into a directory of this machine");
    }

    private static string Normalize(string text, string path)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            throw Invalid(text, "the path in the container is not absolute");
        var clean = Clean(path);
        if (clean == "/")
            throw Invalid(text, "the container's root cannot be mounted over");
        return System.Text.Encoding.UTF8.GetByteCount(clean) <= MaxPathBytes ? clean : throw Invalid(text, "the path in the container is longer than the system allows");
    }

    private static (bool ReadOnly, bool Copies) Options(string text, string options)
    {
        bool? readOnly = null;
        var copies = true;
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (option is "ro" or "rw")
                readOnly = readOnly is null || readOnly == (option == "ro") ? option == "ro" : throw Invalid(text, "ro and rw exclude each other");
            else
                copies = option == "nocopy" ? false : throw Invalid(text, $"'{Printable.Escape(option)}' is no option");
        }
        return (readOnly ?? false, copies);
    }

    private static string Clean(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static StoreException Invalid(string text, string why) => new(
        ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, text,
        $"'{Printable.Escape(text)}' is nothing to mount: {why}.",
        "Write NAME:/path for a volume, /directory:/path for a directory of this machine, or /path for a volume without a name; then, where needed, :ro, :nocopy or :ro,nocopy.");
}
