using System.Globalization;
using LayerStore.Linux;
using LayerStore.Linux.Btrfs;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Btrfs;

/// <summary>
/// How subvolumes go. One that holds no others goes at once; one that does goes aside first, and its own before it. A quota group may not go before the kernel has given back its
/// subvolume's space: until then a file with its number waits.
/// </summary>
internal static class BtrfsRemoval
{
    private const string GroupPrefix = "qgroup-";

    /// <summary>Removes a layer's subvolume; that it is not there is no error.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountBusy"/> where something is mounted in it.</exception>
    public static void Remove(BtrfsLayout layout, LayerId id)
    {
        var path = layout.Subvolume(id);
        var name = FileName.Terminated(id.Value);
        using var removing = DirectoryHandle.Open(layout.Removing);
        RemoveGroups(removing, layout.Removing);
        using var place = DirectoryHandle.Open(layout.Subvolumes);
        using (var root = DirectoryHandle.TryOpenAt(place.Descriptor(), name))
        {
            if (root is not null)
            {
                // The kernel would take such mounts away without a word.
                if (MountTable.Below(path) is [var mount, ..])
                    throw Busy(mount);
                NoteGroup(root, layout.Removing);
                if (!Subvolume.IsRoot(root))
                    LayerFiles.Remove(layout.Home, path, id.Value);
                else if (!Subvolume.TryDestroy(place, name))
                    NestedSubvolumes.Move(place, name, removing, name);
            }
        }
        Finish(removing, name);
    }

    /// <summary>Removes what crashed removals left.</summary>
    public static void FinishAll(BtrfsLayout layout)
    {
        using var removing = DirectoryHandle.Open(layout.Removing);
        RemoveGroups(removing, layout.Removing);
        foreach (var name in DirectoryReader.NamesOf(removing))
            if (!name.AsSpan().StartsWith("qgroup-"u8))
                Finish(removing, FileName.Terminated(name));
    }

    private static void Finish(SafeFileHandle removing, byte[] name)
    {
        using (var root = DirectoryHandle.TryOpenAt(removing.Descriptor(), name))
        {
            if (root is not null && Subvolume.IsRoot(root))
                NestedSubvolumes.Destroy(removing, name);
        }
        TreeRemover.Remove(removing.Descriptor(), name);
    }

    private static void NoteGroup(SafeFileHandle root, string removing)
    {
        if (BtrfsQuota.IsOn(root))
            File.WriteAllBytes(Path.Combine(removing, string.Create(CultureInfo.InvariantCulture, $"{GroupPrefix}{Subvolume.InfoOf(root).TreeId}")), []);
    }

    private static void RemoveGroups(SafeFileHandle place, string removing)
    {
        foreach (var path in Directory.EnumerateFiles(removing, GroupPrefix + "*"))
        {
            if (ulong.TryParse(Path.GetFileName(path.AsSpan())[GroupPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var subvolume)
                && BtrfsQuota.TryRemoveGroup(place, subvolume))
                File.Delete(path);
        }
    }

    private static StoreException Busy(string mount) => new(
        ErrorIds.MountBusy, StoreErrorKind.InUse, mount, $"Something is mounted at '{Printable.Escape(mount)}', inside a layer that is to be removed.",
        "Unmount it (umount), then remove again.");
}
