namespace LayerStore.Drivers.DeviceMapper;

/// <summary>What a thin pool stands on.</summary>
internal interface IPoolBacking
{
    /// <summary>Brings the pool up and gives its name. Called with the pool's lock held; again is no error.</summary>
    /// <param name="record">What is known of the pool.</param>
    string Activate(PoolRecord record);

    /// <summary>The pool's name.</summary>
    string NameOf(PoolRecord record);

    /// <summary>Takes the pool down, as far as it is ours to; its devices are gone.</summary>
    void Deactivate(PoolRecord record);

    /// <summary>Removes what a set-up that failed or was interrupted made.</summary>
    void Undo(PoolRecord record);

    /// <summary>Whether removed blocks are given back to what the pool stands on, where the user does not say.</summary>
    bool DiscardsByDefault { get; }

    /// <summary>Bytes that are still free where the pool's data goes, however long it claims to be; null where all of it is there.</summary>
    long? FreeBytes { get; }

    /// <summary>Its lines of <c>docker info</c>.</summary>
    IEnumerable<StatusLine> Status();

    /// <summary>What a user should know.</summary>
    IEnumerable<string> Warnings();
}
