using System.Diagnostics;
using System.Globalization;
using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Peers;

/// <summary>A docker daemon of the run's own: private socket, data on a loop file system, no network. Ended by its process-id file.</summary>
internal sealed class DockerDaemon
{
    private readonly string _socket;
    private readonly string _client;

    private DockerDaemon(string client, string socket, LoopFileSystem data)
    {
        _client = client;
        _socket = socket;
        Data = data;
    }

    public LoopFileSystem Data { get; }

    /// <summary>The daemon's own data directory.</summary>
    public string Root => Path.Combine(Data.Path, "root");

    /// <summary>What its times include and what not.</summary>
    public static string Remark => "client and daemon; syncs no layer content";

    /// <summary>Starts a daemon with a storage driver on a file system of its own.</summary>
    public static DockerDaemon Start(Workspace workspace, string daemon, string client, string driver, FileSystemKind kind)
    {
        var name = $"docker-{driver}-{kind}";
        var data = LoopFileSystem.Create(workspace, name + "-data", 8, kind);
        var home = Path.Combine(workspace.Root, name);
        Directory.CreateDirectory(home);
        var socket = Path.Combine(home, "docker.sock");
        workspace.OnDispose("the docker daemon", () => Stop(home));

        // setsid: a Ctrl-C for the benchmark is no Ctrl-C for the daemon; it is ended in order.
        Tool.Shell(
            """
            setsid "$1" --data-root "$2/root" --exec-root "$3/exec" --pidfile "$3/docker.pid" -H "unix://$4" --storage-driver "$5" \
              --bridge=none --iptables=false --ip6tables=false --ip-forward=false > "$3/docker.log" 2>&1 < /dev/null &
            """,
            daemon, data.Path, home, socket, driver);
        var docker = new DockerDaemon(client, socket, data);
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                docker.Run("version");
                return docker;
            }
            catch (InvalidOperationException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(40))
            {
                Thread.Sleep(200);
            }
        }
    }

    public string Run(params ReadOnlySpan<string> arguments) => Tool.Run(_client, ["-H", "unix://" + _socket, .. arguments]);

    /// <summary>Removes every image and container.</summary>
    public void Empty()
    {
        Run("system", "prune", "--all", "--force", "--volumes");
        Data.Sync();
    }

    /// <summary>Ends the daemon whose process-id file lies in a directory, and only that.</summary>
    public static void Stop(string home)
    {
        var file = Path.Combine(home, "docker.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        try
        {
            // The number may belong to another process by now.
            if (!File.ReadAllText($"/proc/{id}/cmdline").Contains(file, StringComparison.Ordinal))
            {
                return;
            }

            using var process = Process.GetProcessById(id);
            Tool.Run("kill", "-TERM", id.ToString(CultureInfo.InvariantCulture));
            if (!process.WaitForExit(20_000))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            // It was gone already.
        }
    }
}
