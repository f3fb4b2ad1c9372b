using LayerStore.Linux;

namespace LayerStore.Drivers.Vfs;

/// <summary>
/// Containers' copies that nobody could change yet. Such a copy can be made again, so a new container need not wait until all of its files are on the disk: a mark,
/// which is, says where it came from. The first mount for writing waits for the disk and takes the mark away; after a power cut, whoever opens the driver makes
/// marked copies again.
/// </summary>
/// <param name="layout">Where things stand.</param>
internal sealed class VfsFreshCopies(VfsLayout layout)
{
    /// <summary>Fills a new container's directory, which is there and empty.</summary>
    public static void Fill(VfsLayout layout, LayerId id, string? parentTree)
    {
        if (parentTree is not null)
            TreeCopy.CopyInto(parentTree, layout.Growing(id));
        File.WriteAllBytes(layout.Created(id), []);
        EntryMove.Move(layout.Growing(id), layout.Tree(id));
    }

    /// <summary>Marks a copy, before it is made.</summary>
    public void Mark(LayerId id, LayerId parent)
    {
        DirectoryHandle.TryCreate(layout.Marks, 0x1C0);
        File.WriteAllLines(layout.Mark(id), [ProcessIdentity.Current.BootId, parent.Value]);
    }

    /// <summary>Makes the mark last; false where the copy has none.</summary>
    public bool TryFlushMark(LayerId id)
    {
        if (!File.Exists(layout.Mark(id)))
            return false;
        LayerFiles.Flush(layout.Mark(id));
        DirectoryHandle.Flush(layout.Marks);
        return true;
    }

    /// <summary>Waits until the copy is on the disk, where that is not certain: it may be changed from now on.</summary>
    public void Settle(LayerId id)
    {
        if (!File.Exists(layout.Mark(id)))
            return;
        DirectoryHandle.FlushFileSystem(layout.Home);
        Forget(id);
        // A mark that came back would undo what is changed from now on.
        DirectoryHandle.Flush(layout.Marks);
    }

    /// <summary>Takes a copy's mark away, where it has one.</summary>
    public void Forget(LayerId id)
    {
        if (File.Exists(layout.Mark(id)))
            File.Delete(layout.Mark(id));
    }

    /// <summary>Makes the marked copies of earlier boots again. Costs the look into one directory where there are none.</summary>
    public void Recover()
    {
        if (!Directory.Exists(layout.Marks) || !OfEarlierBoots().Any())
            return;
        using var alone = LockFile.Enter(layout.Marks + ".lock", "the containers that were new when the machine stopped");
        foreach (var (id, parent) in OfEarlierBoots().ToList())
        {
            try
            {
                Remake(id, parent);
                Settle(id);
            }
            catch (StoreException)
            {
                // It has no tree now, and says so; the next opener tries again. The rest of the store goes on.
            }
        }
    }

    private void Remake(LayerId id, LayerId parent)
    {
        LayerFiles.Remove(layout.Home, layout.Tree(id), id.Value);
        LayerFiles.Remove(layout.Home, layout.Growing(id), id.Value);
        DirectoryHandle.TryCreate(layout.Meta(id), 0x1C0);
        DirectoryHandle.TryCreate(layout.Growing(id), 0x1ED);
        Fill(layout, id, Directory.Exists(layout.Tree(parent)) ? layout.Tree(parent) : throw LayerFiles.Missing(parent, layout.Tree(parent)));
    }

    private IEnumerable<(LayerId Id, LayerId Parent)> OfEarlierBoots()
    {
        foreach (var path in Directory.EnumerateFiles(layout.Marks))
        {
            // A mark that is not whole is of a container that was never complete: it has no row, and goes with what has none.
            if (LayerId.TryParse(Path.GetFileName(path), out var id) && File.ReadAllLines(path) is [var boot, var from, ..]
                && boot != ProcessIdentity.Current.BootId && LayerId.TryParse(from, out var parent))
                yield return (id, parent);
        }
    }
}
