using System.Text;

namespace LayerStore.Linux;

/// <summary>The mounts of this process's namespace, from <c>/proc/self/mountinfo</c>.</summary>
internal static class MountTable
{
    /// <summary>True where something is mounted at exactly that path.</summary>
    public static bool Contains(string path)
    {
        var full = Path.GetFullPath(path).TrimEnd('/');
        return File.ReadLines("/proc/self/mountinfo").Any(line => MountPoint(line) == full);
    }

    /// <summary>Every mount point below <paramref name="directory"/> or at it, innermost first.</summary>
    public static IReadOnlyList<string> Below(string directory)
    {
        var full = Path.GetFullPath(directory).TrimEnd('/');
        return [.. File.ReadLines("/proc/self/mountinfo").Select(MountPoint)
            .Where(point => point == full || point.StartsWith(full + "/", StringComparison.Ordinal)).Reverse()];
    }

    /// <summary>The fifth field, with its octal escapes undone (proc(5): space, tab, newline and backslash).</summary>
    internal static string MountPoint(string line)
    {
        var field = line.Split(' ', 6)[4];
        if (!field.Contains('\\', StringComparison.Ordinal))
            return field;
        var result = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                result.Append((char)Convert.ToInt32(field.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
                result.Append(field[i]);
        }
        return result.ToString();
    }
}
