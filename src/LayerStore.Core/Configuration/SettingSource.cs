namespace LayerStore;

/// <summary>Who says what a setting is; what stands later here counts more.</summary>
public enum SettingSource
{
    /// <summary>Nobody: it is built in.</summary>
    Default,

    /// <summary>The file for everybody on the machine, in <c>/etc</c>.</summary>
    SystemFile,

    /// <summary>The user's own file.</summary>
    UserFile,

    /// <summary>The one file that <c>$LAYERSTORE_CONFIG</c> or the caller names, instead of the system's and the user's.</summary>
    NamedFile,

    /// <summary>An environment variable.</summary>
    Environment,
}
