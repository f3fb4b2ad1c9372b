using System.Globalization;
using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>
/// Names one process beyond doubt: a process id alone is reused, so its start time and the boot that it lived in go with it.
/// </summary>
/// <param name="Pid">The process id.</param>
/// <param name="StartTime">Clock ticks from boot to the process's start, field 22 of <c>/proc/PID/stat</c>; 0 where it is unknown.</param>
/// <param name="BootId"><c>/proc/sys/kernel/random/boot_id</c>.</param>
/// <param name="PidNamespace">The inode of the process's pid namespace, in which alone the pid means anything.</param>
internal sealed record ProcessIdentity(int Pid, long StartTime, string BootId, long PidNamespace)
{
    private static readonly Lazy<ProcessIdentity> Self = new(() => new ProcessIdentity(
        Environment.ProcessId,
        ReadStat(Environment.ProcessId)?.StartTime ?? 0,
        ReadFirstLine("/proc/sys/kernel/random/boot_id"),
        ReadNamespace()));

    /// <summary>This process.</summary>
    public static ProcessIdentity Current => Self.Value;

    /// <summary>
    /// False only where the process is surely gone. One that cannot be seen from here (another pid namespace of this boot) counts as alive: waiting costs less than
    /// taking away a layer that is being written.
    /// </summary>
    public bool IsAlive()
    {
        var current = Current;
        if (BootId != current.BootId)
            return false;
        if (PidNamespace != current.PidNamespace)
            return true;
        // A zombie holds its pid but does nothing any more. No stat file proves nothing: hidepid may hide it.
        return ReadStat(Pid) is { } stat
            ? stat.State is not ('Z' or 'X') && (StartTime == 0 || stat.StartTime == StartTime)
            : Libc.Kill(Pid, 0) == 0 || Marshal.GetLastPInvokeError() != Errno.ESRCH;
    }

    private static (char State, long StartTime)? ReadStat(int pid)
    {
        var line = ReadFirstLine(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        // The command stands in parentheses and may itself contain spaces and parentheses.
        var end = line.LastIndexOf(')');
        if (end < 0)
            return null;
        var fields = line[(end + 2)..].Split(' ');
        return fields.Length > 19 && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? (fields[0][0], start)
            : null;
    }

    private static string ReadFirstLine(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return reader.ReadLine() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static long ReadNamespace()
    {
        try
        {
            var target = new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
            var open = target.IndexOf('[', StringComparison.Ordinal);
            return open > 0 && long.TryParse(target[(open + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var inode) ? inode : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
