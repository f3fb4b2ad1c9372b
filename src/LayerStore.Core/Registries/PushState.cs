namespace LayerStore.Registries;

/// <summary>What is happening to a layer that is pushed.</summary>
public enum PushState
{
    /// <summary>The registry has it already.</summary>
    AlreadyExists,

    /// <summary>It is made, compressed and sent.</summary>
    Pushing,

    /// <summary>The registry has it and found its digest right.</summary>
    Pushed,
}
