using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Drivers;

/// <summary>
/// A storage driver: it keeps the directories, subvolumes, datasets or devices behind layers, and knows nothing of images, containers, names or
/// databases. Drivers hold no statics, no locks and no memory of what exists: every call says all that the driver needs.
/// </summary>
/// <remarks>
/// <para><b>Terms.</b> A <i>layer</i> is named by its <see cref="LayerId"/>. Its <i>parents</i> are the committed layers below it, nearest first; a chain that is cut by an
/// opaque root comes here already cut. A layer is <i>preparing</i> until it is committed; a container's layer is never committed.</para>
/// <para><b>An image's layer</b>, extracted while its parents may still be on their way:
/// <code>
/// driver.Prepare(id, LayerPurpose.Image, parents: [])   // no parent is needed yet
/// using (target = driver.OpenForApply(id)) extracted = extractor.Extract(stream, target)   // an empty private directory
/// driver.CompleteApply(id, parents, extracted)          // in chain order, when every parent is complete
/// driver.WriteIdentity(id, json)
/// driver.Commit(id)                                     // read-only from now on
/// driver.Sync()                                         // once for many layers; after it the database may say Committed
/// driver.ConfirmIdentity(id)                            // when it does
/// </code>
/// One that lost its files is laid anew under another id, and has its own again (<see cref="Rename"/>) when it is committed and synced.
/// A driver with <see cref="DriverFeatures.AppliesOnParent"/> is given the parents by <see cref="Prepare"/> already, and they are complete then.</para>
/// <para><b>A container</b>:
/// <code>
/// driver.Prepare(id, LayerPurpose.Container, parents)
/// driver.SetQuota(id, quota)                                  // where it has a limit of its own
/// driver.WriteIdentity(id, json)
/// driver.SyncLayer(id)                                        // after it the database may say that there is a container
/// driver.ConfirmIdentity(id)                                  // when it does
/// driver.Attach(id)                                           // a device comes up, where the driver has any; a fresh copy settles
/// plan = driver.PlanMount(id, parents, MountMode.ReadWrite)   // data; Linux/Mounts executes it
/// driver.Detach(id)                                           // after the last unmount
/// driver.Measure(id, parents); driver.Changes(id, parents)    // mounted or not
/// driver.Remove(id)
/// </code></para>
/// <para><b>Errors</b> are <see cref="StoreException"/>s. A call that fails leaves at most what <see cref="Remove"/> removes.</para>
/// </remarks>
public interface IStorageDriver
{
    /// <summary>Docker's name of the driver: <c>overlay2</c>, <c>vfs</c>.</summary>
    string Name { get; }

    /// <summary>What the driver can do beyond the minimum.</summary>
    DriverFeatures Features { get; }

    /// <summary>How many layers one mount may stack, the writable one not counted.</summary>
    int MaxDepth { get; }

    /// <summary>The limit that <see cref="Prepare"/> gives to writable layers by itself, from the driver's own option; null where there is none.</summary>
    LayerQuota? DefaultQuota => null;

    /// <summary>The driver's lines of <c>docker info</c>.</summary>
    IReadOnlyList<StatusLine> Status();

    /// <summary>What a user should know before it becomes a failure: a pool that fills up, a set-up that is meant for tests.</summary>
    IReadOnlyList<string> Warnings() => [];

    /// <summary>
    /// Makes a layer. An image's layer starts empty, and its <paramref name="parents"/> are given only to drivers with <see cref="DriverFeatures.AppliesOnParent"/>; a container's layer
    /// shows its parents' files.
    /// </summary>
    /// <exception cref="StoreException">The layer exists already, or the disk is full.</exception>
    void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents);

    /// <summary>Opens the empty private directory that an image's layer is extracted into. The caller disposes the handle.</summary>
    ExtractionTarget OpenForApply(LayerId id);

    /// <summary>
    /// Joins what was extracted with its parents, which are complete: implied directories take the parent's attributes or follow its symbolic
    /// links, pending hard links find their targets. The merged tree is the same on every driver.
    /// </summary>
    void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted);

    /// <summary>The directory of the store's own files about a layer: beside what the layer holds, durable and removed together with it.</summary>
    string MetadataDirectory(LayerId id);

    /// <summary>Writes the small file from which a lost database can be rebuilt. It counts when it is confirmed; one that was confirmed earlier counts until then.</summary>
    void WriteIdentity(LayerId id, ReadOnlySpan<byte> json);

    /// <summary>
    /// The database says durably that the layer is there: what <see cref="WriteIdentity"/> wrote counts from now on. A layer without it, and without a row, was never complete. Idempotent, and not flushed.
    /// </summary>
    void ConfirmIdentity(LayerId id) => LayerFiles.ConfirmIdentity(MetadataDirectory(id));

    /// <summary>Copies what a container's layer holds into an image's layer that was prepared and is empty; blocks are shared where the file system can. For drivers with <see cref="DriverFeatures.TakesOver"/>.</summary>
    void CopyLayer(LayerId from, LayerId to, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>
    /// Takes out of a layer that holds what a container wrote all that an image's layer has not: sockets, whiteouts that hide nothing, the kernel's notes, a limit. Idempotent, so that it can be done again after
    /// a crash. For drivers with <see cref="DriverFeatures.TakesOver"/>.
    /// </summary>
    /// <param name="id">The layer.</param>
    /// <param name="parents">The layers below, nearest first.</param>
    /// <param name="changes">What <see cref="Changes"/> said of it, where it is known already; null to look.</param>
    /// <returns>True where anything was taken out that counts in <see cref="Measure"/>.</returns>
    bool TakeOver(LayerId id, IReadOnlyList<LayerId> parents, IReadOnlyList<LayerChange>? changes = null) => throw new NotSupportedException();

    /// <summary>Makes the layer read-only. Durable only after <see cref="Sync"/>.</summary>
    void Commit(LayerId id);

    /// <summary>Everything done so far survives a power cut when this returns (one syncfs, not one fsync a file).</summary>
    void Sync();

    /// <summary>
    /// As <see cref="Sync"/>, for one new writable layer only; much cheaper. A driver that can make the layer again need not wait for its files: what counts is that it
    /// is whole for whoever opens the driver after a power cut.
    /// </summary>
    void SyncLayer(LayerId id);

    /// <summary>Removes a layer, whatever state it is in. Idempotent: a layer that is not there is no error. Renames aside first, then deletes.</summary>
    void Remove(LayerId id);

    /// <summary>Says how a layer is mounted, as data. Touches nothing.</summary>
    MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode);

    /// <summary>
    /// Makes ready what the layer's mount plan names: activates its device, or sees to it that a fresh copy is on the disk. Called before each mount, and before a
    /// <see cref="MountPlan.Directory"/> is handed out for writing; again is no error.
    /// </summary>
    void Attach(LayerId id)
    {
    }

    /// <summary>What a failed mount of one of the driver's layers is, where the driver knows more than the kernel said; else that failure itself.</summary>
    /// <param name="failure">What mounting threw.</param>
    StoreException ExplainMountFailure(StoreException failure) => failure;

    /// <summary>Called when the layer was mounted: for what can be set only of a mounted file system.</summary>
    void Mounted(LayerId id)
    {
    }

    /// <summary>Undoes <see cref="Attach"/> when the layer was unmounted. Idempotent; what is still in use goes when its last user does.</summary>
    void Detach(LayerId id)
    {
    }

    /// <summary>
    /// Opens a layer to read what it holds: a directory in which each of its own files stands at its path, or the layer's whole tree with what its parents have.
    /// </summary>
    LayerDirectory OpenContents(LayerId id);

    /// <summary>What the layer itself takes, by Docker's rules, its parents not counted.</summary>
    Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default);

    /// <summary>
    /// What the driver's own bookkeeping (quota group, dataset, thin device, project quota) says of a writable layer, without a look at its files; null where it keeps none.
    /// </summary>
    LayerAccount? Account(LayerId id) => null;

    /// <summary>As <see cref="Account"/>, for several layers at once; those that it has nothing to say of, or that are gone, are left out.</summary>
    IReadOnlyDictionary<LayerId, LayerAccount> Accounts(IReadOnlyList<LayerId> ids)
    {
        var accounts = new Dictionary<LayerId, LayerAccount>();
        foreach (var id in ids)
        {
            try
            {
                if (Account(id) is { } account)
                    accounts[id] = account;
            }
            catch (StoreException e) when (e.ErrorId == ErrorIds.LayerNotFound)
            {
                // Somebody removed it meanwhile.
            }
        }
        return accounts;
    }

    /// <summary>What differs from the parents, as <c>docker diff</c> says it; sorted by path.</summary>
    IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default);

    /// <summary>The layers that are really on disk.</summary>
    IEnumerable<StoredLayer> Enumerate();

    /// <summary>Those of some committed layers whose files are gone, because somebody deleted them behind the store's back. Asked at each import: one question for all of them where the driver can, and no look at files.</summary>
    IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids);

    /// <summary>Gives a committed layer the id of one that is lost and of which <see cref="Remove"/> has removed the rest: it was laid in that one's place. Nothing has it mounted. Durable only after <see cref="Sync"/>.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountBusy"/> where what is left of the lost one could not be removed yet.</exception>
    void Rename(LayerId id, LayerId newId);

    /// <summary>Limits a writable layer, in the place of the limit that it has.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverUnsupported"/> where <see cref="DriverFeatures.Quota"/> is missing.</exception>
    void SetQuota(LayerId id, LayerQuota quota);

    /// <summary>Gives back to the kernel what outlives processes: devices, pools, loop devices. Nothing is lost; opening the driver brings it back. Nothing may be mounted.</summary>
    void Shutdown()
    {
    }
}
