using LayerStore.Linux;

namespace LayerStore.Drivers;

/// <summary>The small files and the removal protocol that drivers with a directory a layer have in common.</summary>
internal static class LayerFiles
{
    /// <summary>The identity file's name, from which a lost database can be rebuilt.</summary>
    public const string IdentityName = "identity.json";

    private const string DraftName = IdentityName + ".new";

    /// <summary>What can be done about a layer that somebody deleted.</summary>
    public const string Relay = "Import or pull the image again: that lays an image's layers anew. A container whose own layer is gone can only be removed.";

    /// <summary>Where layers wait for their deletion; whoever opens the driver finishes it.</summary>
    public const string RemovingName = "removing";

    /// <summary>Makes the driver's directory: others may pass through, and see nothing (set-user-id files of images would be within their reach).</summary>
    /// <param name="home">The directory.</param>
    /// <param name="places">Further directories in it.</param>
    public static void CreateHome(string home, params ReadOnlySpan<string> places)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(home)!);
        DirectoryHandle.TryCreate(home, 0x1C8); // 0710
        foreach (var place in places)
            DirectoryHandle.TryCreate(Path.Combine(home, place), 0x1C8);

        // The last one: where it is, everything is.
        DirectoryHandle.TryCreate(Path.Combine(home, RemovingName), 0x1C0);
    }

    /// <summary>Makes the driver's directory where it is missing, and tries there once all that the driver needs: opening it later costs nothing.</summary>
    /// <param name="home">The directory.</param>
    /// <param name="driver">The driver.</param>
    /// <param name="options">The options that it is opened with.</param>
    /// <param name="explain">A better error for a check that failed than the general one; null, or the result null, for that.</param>
    /// <param name="places">Further directories in it.</param>
    /// <exception cref="StoreException">The driver does not work there; the directory is gone again.</exception>
    public static void EnsureHome(
        string home, IStorageDriverFactory driver, DriverOptions options, Func<ProbeCheck, StoreException?>? explain, params ReadOnlySpan<string> places)
    {
        if (Directory.Exists(Path.Combine(home, RemovingName)))
            return;
        CreateHome(home, places);
        var report = driver.Probe(home, options);
        if (report.Supported)
            return;
        DiscardHome(home);
        throw explain?.Invoke(report.Failure!) ?? DriverCatalog.Unsupported(report);
    }

    /// <summary>Takes a home away again in which a driver turned out not to work.</summary>
    public static void DiscardHome(string home)
    {
        try
        {
            Directory.Delete(home, recursive: true);
        }
        catch (IOException)
        {
            // Not ours alone.
        }
    }

    /// <summary>Writes the identity file beside its place: a reader sees the old one, or none, until it is confirmed.</summary>
    public static void WriteIdentity(string directory, ReadOnlySpan<byte> json)
    {
        var path = Path.Combine(directory, DraftName);
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(e, "write", path);
        }
    }

    /// <summary>Gives the identity file that was written last its name, where that is still to be done. What fails here is done in the next boot, and nothing needs it before.</summary>
    public static void ConfirmIdentity(string directory) => _ = Libc.Rename(Path.Combine(directory, DraftName), Path.Combine(directory, IdentityName));

    /// <summary>Makes the bytes of an identity file durable that is not confirmed yet, where there is one.</summary>
    public static void FlushIdentity(string directory) => Flush(Path.Combine(directory, DraftName));

    /// <summary>Makes a file's bytes durable, where there is one.</summary>
    public static void Flush(string path)
    {
        var file = Libc.Open(path, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
        if (file < 0)
            return;
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(file, ownsHandle: true);
        if (Libc.Fsync(file) < 0)
            throw LinuxError.Last("flush", path);
    }

    /// <summary>The identity file's bytes; null where there is none that is confirmed.</summary>
    public static byte[]? ReadIdentity(string directory)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(directory, IdentityName));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The layers that have a directory in any of a driver's places, each once.</summary>
    /// <param name="home">The driver's directory.</param>
    /// <param name="identities">The place where a layer's identity file is.</param>
    /// <param name="others">Places where layers have something besides.</param>
    public static IEnumerable<StoredLayer> Enumerate(string home, string identities, params IReadOnlyList<string> others)
    {
        var names = others.Append(identities)
            .SelectMany(place => Directory.EnumerateDirectories(Path.Combine(home, place)))
            .Select(directory => Path.GetFileName(directory)).Distinct();
        foreach (var name in names)
        {
            if (LayerId.TryParse(name, out var id))
                yield return new StoredLayer(id, ReadIdentity(Path.Combine(home, identities, name)));
        }
    }

    /// <summary>Those of the layers whose directory is gone.</summary>
    public static IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids, Func<LayerId, string> directory) =>
        ids.Where(id => !Directory.Exists(directory(id))).ToHashSet();

    /// <summary>Gives a layer's directories another layer's name.</summary>
    /// <param name="id">The layer.</param>
    /// <param name="newId">The other one, which has none.</param>
    /// <param name="directories">Each of them by the layer; that of the contents last: where it is, everything is.</param>
    public static void Rename(LayerId id, LayerId newId, params ReadOnlySpan<Func<LayerId, string>> directories)
    {
        foreach (var directory in directories)
            EntryMove.Move(directory(id), directory(newId));
    }

    /// <summary>
    /// Removes a layer's directory: it goes out of sight in one step, so that nobody finds half a layer, and is deleted then. A crash in between leaves it where
    /// <see cref="FinishRemovals"/> finds it.
    /// </summary>
    /// <param name="home">The driver's directory.</param>
    /// <param name="path">The layer's directory.</param>
    /// <param name="name">Its name while it is being removed.</param>
    public static void Remove(string home, string path, string name)
    {
        var aside = Path.Combine(home, RemovingName, name);
        if (Libc.Rename(path, aside) < 0)
        {
            switch (System.Runtime.InteropServices.Marshal.GetLastPInvokeError())
            {
                case Errno.ENOENT:
                    break; // Gone already; what an earlier try left aside is removed below.
                case Errno.ENOTEMPTY or Errno.EEXIST:
                    TreeRemover.Remove(aside);
                    if (Libc.Rename(path, aside) < 0)
                        throw LinuxError.Last("remove the layer", path);
                    break;
                case Errno.EBUSY:
                    throw new StoreException(
                        ErrorIds.MountBusy, StoreErrorKind.InUse, path,
                        $"The layer's directory '{Printable.Escape(path)}' is a mount point.", "Unmount it (umount), then remove again.");
                case Errno.EACCES or Errno.EPERM when Libc.Geteuid() != 0 && Directory.Exists(path):
                    // An ordinary user may move a directory elsewhere only where he may write it.
                    _ = Libc.FchmodAt(Libc.AT_FDCWD, path, 0x1C0, 0);
                    if (Libc.Rename(path, aside) < 0)
                        throw LinuxError.Last("remove the layer", path);
                    break;
                default:
                    throw LinuxError.Last("remove the layer", path);
            }
        }
        TreeRemover.Remove(aside);
    }

    /// <summary>Deletes what crashed removals left.</summary>
    public static void FinishRemovals(string home)
    {
        using var directory = DirectoryHandle.Open(Path.Combine(home, RemovingName));
        TreeRemover.Empty(directory);
    }

    /// <summary>The error of a layer that is there already.</summary>
    public static StoreException Exists(LayerId id) => new(
        ErrorIds.LayerExists, StoreErrorKind.AlreadyExists, id.Value, $"The layer {id.Value[..12]} exists already.",
        "Use a new layer id; remove the old layer first where it is an orphan.");

    /// <summary>The error of a layer that is not there.</summary>
    public static StoreException Missing(LayerId id, string path) => new(
        ErrorIds.LayerNotFound, StoreErrorKind.NotFound, id.Value,
        $"The layer {id.Value[..12]} is not on disk: '{Printable.Escape(path)}' does not exist.",
        "Somebody deleted the directory. " + Relay);
}
