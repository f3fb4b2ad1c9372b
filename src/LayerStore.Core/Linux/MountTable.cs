using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>The mounts of this thread's namespace, which is the process's outside of <see cref="PrivateMounts"/>, from <c>/proc/thread-self/mountinfo</c>.</summary>
internal static class MountTable
{
    /// <summary>True where something is mounted at exactly that path.</summary>
    public static bool Contains(string path)
    {
        var full = Path.GetFullPath(path).TrimEnd('/');
        return File.ReadLines("/proc/thread-self/mountinfo").Any(line => MountPoint(line) == full);
    }

    /// <summary>Every mount point below <paramref name="directory"/> or at it, innermost first.</summary>
    public static IReadOnlyList<string> Below(string directory)
    {
        var full = Path.GetFullPath(directory).TrimEnd('/');
        return [.. File.ReadLines("/proc/thread-self/mountinfo").Select(MountPoint)
            .Where(point => point == full || point.StartsWith(full + "/", StringComparison.Ordinal)).Reverse()];
    }

    /// <summary>The file system's name and the source of the mount that an open directory is on: <c>zfs</c> and its dataset, <c>ext4</c> and its device.</summary>
    /// <returns>Null where the table does not have it: a detached mount, or one of another namespace.</returns>
    public static (string Type, string Source)? Of(SafeFileHandle directory)
    {
        const string Field = "mnt_id:";
        var id = File.ReadLines($"/proc/self/fdinfo/{directory.Descriptor()}").First(line => line.StartsWith(Field, StringComparison.Ordinal))[Field.Length..].Trim();
        return File.ReadLines("/proc/thread-self/mountinfo").FirstOrDefault(line => line.StartsWith(id + " ", StringComparison.Ordinal)) is { } found ? Origin(found) : null;
    }

    /// <summary>A directory that this file system is mounted at; null where it is mounted nowhere in this namespace.</summary>
    public static string? PointOf(string type, string source) =>
        File.ReadLines("/proc/thread-self/mountinfo").FirstOrDefault(line => Origin(line) == (type, source)) is { } found ? MountPoint(found) : null;

    private static (string Type, string Source) Origin(string line)
    {
        // A separator ends the optional fields.
        var fields = line[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' ');
        return (fields[0], Unescape(fields[1]));
    }

    /// <summary>The fifth field.</summary>
    internal static string MountPoint(string line) => Unescape(line.Split(' ', 6)[4]);

    /// <summary>Undoes octal escapes (proc(5): space, tab, newline and backslash).</summary>
    private static string Unescape(string field)
    {
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
