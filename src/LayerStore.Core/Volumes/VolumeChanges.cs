using System.Diagnostics;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Volumes;

/// <summary>
/// Makes, fills and removes volumes. The row says first what is to be done, by whom, and last that it is done: whatever dies in between is undone (making, filling) or finished (removing) by the next opener.
/// </summary>
internal sealed class VolumeChanges(string root, StoreMetadata metadata, LayerOwner owner, IMounts mounts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly VolumeFiles _files = new(root);

    /// <summary>The volume of that name, made where there is none.</summary>
    /// <param name="options">What it shall be; where there is one already, it has to be that.</param>
    /// <param name="anonymous">True for one that goes with a container.</param>
    /// <param name="fill">Writes into the directory whose path it is given, where the volume is new; null for an empty one.</param>
    /// <returns>The volume, and whether it was made here.</returns>
    public (VolumeRecord Volume, bool Made) Ensure(VolumeOptions options, bool anonymous, Action<string>? fill)
    {
        var name = options.Name ?? VolumeName.Generate();
        VolumeName.Validate(name);
        if (options.Size <= 0)
            throw new StoreException(ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, name,
                $"{options.Size} bytes is no limit for a volume's size.", "Give a size such as 10GB, or leave it out for a volume without limit.");
        var volume = new VolumeRecord { Name = name, State = VolumeState.Creating, Anonymous = anonymous, Created = DateTime.UtcNow, SizeLimit = options.Size };
        var existing = WhenSettled(name, transaction =>
        {
            if (metadata.Volumes.Find(name, transaction) is { } found)
                return found;
            _files.RefuseStranger(name);
            VolumeRecords.Insert(transaction, volume with { Owner = owner.In(transaction) }, options.Labels);
            return null;
            // Files that come before the volume is ready must never be nobody's.
        }, durable: fill is not null);
        if (existing is not null)
            return (RefuseOther(existing, options), false);
        try
        {
            _files.Create(name, options.Size);
            fill?.Invoke(_files.Data(name));
            _files.Sync(name, filled: fill is not null);
            metadata.Database.Write(transaction => VolumeRecords.SetState(transaction, name, VolumeState.Ready, null), durable: true);
            return (volume with { State = VolumeState.Ready }, true);
        }
        catch (StoreException error) when (error.ErrorId == ErrorIds.VolumeExists)
        {
            // What stands there is none of this volume's, and stays.
            metadata.Database.Write(transaction => VolumeRecords.Delete(transaction, name), durable: true);
            throw;
        }
        catch
        {
            TryUndo(name);
            throw;
        }
    }

    /// <summary>Gives a volume other files, all at once: whoever looks sees what was there before or everything that is new.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="replace">True to replace what it holds; false where it has to be empty.</param>
    /// <param name="fill">Writes into the directory whose path it is given.</param>
    /// <returns>False where it is not empty.</returns>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeNotFound"/>, <see cref="ErrorIds.VolumeInUse"/> where it is mounted.</exception>
    public bool Fill(string name, bool replace, Action<string> fill)
    {
        var volume = WhenSettled(name, transaction =>
        {
            var found = Require(name, transaction);
            if (Mounted(name, transaction) is [_, ..] users)
                throw VolumeErrors.Mounted(name, users);
            VolumeRecords.SetState(transaction, name, VolumeState.Filling, owner.In(transaction));
            return found;
        }, durable: true);
        try
        {
            if (!replace && !_files.IsEmpty(name))
                return false;
            fill(_files.Begin(name, volume.SizeLimit));
            _files.Finish(name);
            return true;
        }
        finally
        {
            TryEndFilling(name);
        }
    }

    /// <summary>Removes a volume with all that it holds.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="force">True to take it from the containers that have it and are not mounted.</param>
    /// <returns>The volume as it was.</returns>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeNotFound"/>, <see cref="ErrorIds.VolumeInUse"/>, <see cref="ErrorIds.MountBusy"/>.</exception>
    public VolumeRecord Remove(string name, bool force)
    {
        Require(name, null);
        _files.RefuseMounts(name);
        var volume = WhenSettled(name, transaction =>
        {
            var found = Require(name, transaction);
            if (Mounted(name, transaction) is [_, ..] mounted)
                throw VolumeErrors.Mounted(name, mounted);
            if (!force && metadata.Volumes.UsersOf(name, transaction) is [_, ..] users)
                throw VolumeErrors.InUse(name, users);
            VolumeRecords.SetState(transaction, name, VolumeState.Removing, owner.In(transaction));
            return found;
            // Durable: it must not be whole again in the database after its files went.
        }, durable: true);
        Delete(name);
        return volume;
    }

    /// <summary>Finishes or undoes what nobody does any more. Costs one small query where there is nothing to do.</summary>
    public void Recover()
    {
        foreach (var volume in metadata.Volumes.ListUnsettledOfNobody())
        {
            try
            {
                Recover(volume.Name);
            }
            catch (StoreException)
            {
                // What cannot be done now is nobody's; the next opener tries again, and this one may work on.
            }
        }
    }

    /// <summary>Waits until nobody makes, fills or removes the volume.</summary>
    /// <returns>The volume; null where there is none.</returns>
    public VolumeRecord? Settled(string name) => WhenSettled(name, transaction => metadata.Volumes.Find(name, transaction), durable: false);

    private T WhenSettled<T>(string name, Func<MetadataTransaction, T> work, bool durable)
    {
        for (var since = Stopwatch.StartNew(); ; Thread.Sleep(Pause))
        {
            var (settled, result, nobody) = metadata.Database.Write(transaction =>
            {
                var found = metadata.Volumes.Find(name, transaction);
                if (found is null or { State: VolumeState.Ready })
                    return (true, work(transaction), false);
                var other = found.Owner is { } id ? metadata.Owners.Find(id, transaction) : null;
                return (false, default(T)!, other is null || !other.Process.IsAlive());
            }, durable);
            if (settled)
                return result;
            if (nobody)
                Recover(name);
            else if (since.Elapsed > Patience)
                throw VolumeErrors.Busy(name);
        }
    }

    private void Recover(string name)
    {
        var taken = metadata.Database.Write(transaction =>
        {
            var found = metadata.Volumes.Find(name, transaction);
            if (found is null or { State: VolumeState.Ready } || (found.Owner is { } id && metadata.Owners.Find(id, transaction) is { } other && other.Process.IsAlive()))
                return null;
            VolumeRecords.SetState(transaction, name, found.State == VolumeState.Creating ? VolumeState.Removing : found.State, owner.In(transaction));
            return found;
        }, durable: true);
        if (taken is null)
            return;
        if (taken.State != VolumeState.Filling)
            Delete(name);
        else
            EndFilling(name);
    }

    private void Delete(string name)
    {
        try
        {
            _files.Remove(name);
        }
        catch
        {
            metadata.Database.Write(transaction => VolumeRecords.SetState(transaction, name, VolumeState.Removing, null), durable: false);
            throw;
        }
        metadata.Database.Write(transaction => VolumeRecords.Delete(transaction, name), durable: true);
    }

    private void TryUndo(string name)
    {
        try
        {
            Delete(name);
        }
        catch (StoreException)
        {
            // It stays marked, and the next opener undoes it; the first failure is the one to tell.
        }
    }

    private void EndFilling(string name)
    {
        _files.Forget(name);
        metadata.Database.Write(transaction => VolumeRecords.SetState(transaction, name, VolumeState.Ready, null), durable: true);
    }

    private void TryEndFilling(string name)
    {
        try
        {
            EndFilling(name);
        }
        catch (StoreException)
        {
            // The next opener ends it.
        }
    }

    private VolumeRecord Require(string name, MetadataTransaction? transaction) =>
        metadata.Volumes.Find(name, transaction) is { Exists: true } found ? found : throw VolumeErrors.NotFound(name, root);

    private IReadOnlyList<VolumeUser> Mounted(string name, MetadataTransaction transaction) =>
        [.. metadata.Volumes.UsersOf(name, transaction).Where(user => user.Mount?.IsThere(mounts) == true)];

    private VolumeRecord RefuseOther(VolumeRecord existing, VolumeOptions options)
    {
        if (options.Size is { } size && size != existing.SizeLimit)
            throw VolumeErrors.Different(existing.Name, existing.SizeLimit is { } limit ? $"with a limit of {ByteSize.Format(limit)}" : "without a limit");
        if (options.Labels.Count > 0)
        {
            var labels = metadata.Volumes.LabelsOf(existing.Name);
            if (options.Labels.FirstOrDefault(label => labels.GetValueOrDefault(label.Key) != label.Value).Key is { } other)
                throw VolumeErrors.Different(existing.Name, labels.TryGetValue(other, out var value) ? $"with the label {Printable.Escape(other)}={Printable.Escape(value)}" : $"without a label {Printable.Escape(other)}");
        }
        return existing;
    }
}
