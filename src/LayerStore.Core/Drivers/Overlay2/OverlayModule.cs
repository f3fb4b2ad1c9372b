namespace LayerStore.Drivers.Overlay2;

/// <summary>What this kernel's overlay module can be told, by the parameters that it shows.</summary>
internal static class OverlayModule
{
    private const string Parameters = "/sys/module/overlay/parameters";

    /// <summary>
    /// The options of every mount. Each is given only where the module knows it, whatever its default is on this machine:
    /// with an index, a second mount of the same layers fails (ESTALE); redirects and metadata-only copies would make the upper directory something that no other
    /// tool understands, and following a redirect that a layer smuggled in would leave the layer.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> MountOptions(bool userAttributes)
    {
        var options = new List<KeyValuePair<string, string?>>();
        if (userAttributes)
            options.Add(new("userxattr", null));
        if (Has("index"))
            options.Add(new("index", "off"));
        if (Has("nfs_export"))
            options.Add(new("nfs_export", "off"));
        if (Has("redirect_dir"))
            options.Add(new("redirect_dir", "nofollow"));
        if (Has("metacopy"))
            options.Add(new("metacopy", "off"));
        return options;
    }

    private static bool Has(string parameter) => File.Exists($"{Parameters}/{parameter}");
}
