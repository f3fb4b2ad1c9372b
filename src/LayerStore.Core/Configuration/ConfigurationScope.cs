namespace LayerStore.Configuration;

/// <summary>Whose configuration a file is.</summary>
public enum ConfigurationScope
{
    /// <summary><c>/etc/layerstore/layerstore.yaml</c>, for everybody on the machine.</summary>
    System,

    /// <summary><c>layerstore/layerstore.yaml</c> in <c>$XDG_CONFIG_HOME</c> or <c>~/.config</c>; it counts more than the system's.</summary>
    User,
}
