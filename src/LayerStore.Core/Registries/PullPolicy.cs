namespace LayerStore.Registries;

/// <summary>When a registry is asked for an image, as <c>docker run --pull</c> has it.</summary>
public enum PullPolicy
{
    /// <summary>Each time: a tag may mean another image by now.</summary>
    Always,

    /// <summary>Only where the store has no image of that name, see <see cref="RegistryTransfers.FindPresent"/>.</summary>
    Missing,
}
