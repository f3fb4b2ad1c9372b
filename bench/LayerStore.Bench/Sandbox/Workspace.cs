using System.Globalization;
using System.Runtime.InteropServices;

namespace LayerStore.Bench.Sandbox;

/// <summary>
/// One run's own directory with everything in it that must not outlive the run: loop file systems, mounts, daemons. Undone in reverse order at the end, on failure, on
/// Ctrl-C and on SIGTERM; what a killed run left is removed by the next one.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly Stack<(string What, Action Undo)> _undo = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _lock = new();

    public Workspace(string cache, string backing)
    {
        Backing = backing;
        Root = Path.Combine(cache, FormattableString.Invariant($"run-{Environment.ProcessId}"));
        RemoveLeftovers(cache, backing);
        Directory.CreateDirectory(Root);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, _ =>
            {
                Console.Error.WriteLine("bench: stopped, cleaning up");
                Dispose();
                Environment.Exit(130);
            }));
        }
    }

    /// <summary>The run's directory.</summary>
    public string Root { get; }

    /// <summary>A directory with a short path, for what is small and ends with the run; whoever needs it makes it.</summary>
    public string State { get; } = StateOf(FormattableString.Invariant($"{Environment.ProcessId}"));

    /// <summary>The directory that the loop file systems' images lie in.</summary>
    public string Backing { get; }

    /// <summary>Remembers what has to be undone.</summary>
    public void OnDispose(string what, Action undo)
    {
        lock (_lock)
        {
            _undo.Push((what, undo));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            while (_undo.TryPop(out var item))
            {
                try
                {
                    item.Undo();
                }
                catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
                {
                    Console.Error.WriteLine($"bench: could not undo {item.What}: {e.Message}");
                }
            }

            Clear(Root);
            Clear(State);
        }

        _signals.ForEach(signal => signal.Dispose());
        _signals.Clear();
    }

    /// <summary>Unmounts everything at and below a directory.</summary>
    public static void UnmountBelow(string directory) => Unmount(path => path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal));

    /// <summary>Unmounts everything below a directory, not the directory itself.</summary>
    public static void UnmountInside(string directory) => Unmount(path => path.StartsWith(directory + "/", StringComparison.Ordinal));

    private static void Unmount(Func<string, bool> which)
    {
        var below = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal))
            .Where(which).Reverse().ToList();
        foreach (var path in below)
        {
            Tool.Shell("umount \"$1\" 2>/dev/null || umount -l \"$1\"", path);
        }
    }

    private static void RemoveLeftovers(string cache, string backing)
    {
        if (!Directory.Exists(cache))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(cache, "run-*"))
        {
            var owner = Path.GetFileName(folder)[4..];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !Directory.Exists($"/proc/{id}"))
            {
                Console.WriteLine($"bench: removing what run {owner} left");
                foreach (var docker in Directory.EnumerateDirectories(folder, "docker-*"))
                {
                    Peers.DockerDaemon.Stop(docker);
                }

                Clear(folder);
                Clear(StateOf(owner));
                foreach (var image in Directory.EnumerateFiles(backing, $"layerstore-bench-{owner}-*.img"))
                {
                    File.Delete(image);
                }
            }
        }
    }

    private static string StateOf(string run) => "/run/layerstore-bench-" + run;

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            UnmountBelow(folder);
            Tool.Run("rm", "-rf", "--one-file-system", folder);
        }
    }
}
