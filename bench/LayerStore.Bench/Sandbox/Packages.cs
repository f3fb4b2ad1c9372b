namespace LayerStore.Bench.Sandbox;

/// <summary>Installs Debian packages that the benchmark needs, saying so, where it runs as root on a machine with apt.</summary>
internal static class Packages
{
    private static bool _listsUpdated;

    /// <summary>The command's path, its package installed first where it is missing; null with the reason where that cannot be.</summary>
    public static string? Require(string command, string package, out string? whyNot)
    {
        whyNot = null;
        if (Tool.Find(command) is { } found)
        {
            return found;
        }

        if (!Environment.IsPrivilegedProcess || Tool.Find("apt-get") is null)
        {
            whyNot = $"{command} is not installed (Debian package {package})";
            return null;
        }

        Console.WriteLine($"bench: installing the Debian package {package}");
        try
        {
            if (!_listsUpdated)
            {
                Tool.Run("apt-get", "update", "-qq");
                _listsUpdated = true;
            }

            Tool.Shell("DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \"$1\"", package);
        }
        catch (InvalidOperationException e)
        {
            whyNot = $"the Debian package {package} could not be installed: {e.Message.Split('\n')[0]}";
            return null;
        }

        whyNot = Tool.Find(command) is null ? $"the Debian package {package} brings no {command}" : null;
        return Tool.Find(command);
    }
}
