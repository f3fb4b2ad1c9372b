namespace LayerStore.Linux;

/// <summary>The user's own directories, by the XDG base directory specification, which has relative paths ignored.</summary>
internal static class UserDirectories
{
    /// <summary>The home directory, whether it exists or not.</summary>
    public static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary><c>$XDG_CONFIG_HOME</c>, else <c>~/.config</c>.</summary>
    public static string Configuration => Of("XDG_CONFIG_HOME") ?? Path.Combine(Home, ".config");

    /// <summary><c>$XDG_DATA_HOME</c>, else <c>~/.local/share</c>.</summary>
    public static string Data => Of("XDG_DATA_HOME") ?? Path.Combine(Home, ".local", "share");

    private static string? Of(string variable) => Environment.GetEnvironmentVariable(variable) is ['/', ..] path ? path : null;
}
