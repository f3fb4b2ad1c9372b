namespace LayerStore.Drivers;

/// <summary>A layer that is really on disk, whether or not the database knows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Identity">The identity file's bytes (JSON, written by the layer store); null where none is confirmed.</param>
public sealed record StoredLayer(LayerId Id, byte[]? Identity);
