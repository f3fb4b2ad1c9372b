using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Peers;

/// <summary>Debian's docker-registry on a free port of loopback, its data on a loop file system of the run's own.</summary>
internal sealed class LocalRegistry
{
    private readonly LoopFileSystem _data;

    private LocalRegistry(string authority, LoopFileSystem data) => (Authority, _data) = (authority, data);

    /// <summary>Host and port.</summary>
    public string Authority { get; }

    /// <summary>Starts one.</summary>
    public static LocalRegistry Start(Workspace workspace, string program)
    {
        var data = LoopFileSystem.Create(workspace, "registry", 4);
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var authority = FormattableString.Invariant($"127.0.0.1:{port}");
        var configuration = Path.Combine(workspace.Root, "registry.yml");
        File.WriteAllText(configuration, $$"""
            version: 0.1
            log: { level: error, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{data.Path}}/data } }
            http: { addr: {{authority}} }
            """);
        var start = new ProcessStartInfo(program, ["serve", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        var process = Process.Start(start) ?? throw new InvalidOperationException("docker-registry did not start");
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        workspace.OnDispose("the registry", () =>
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        });
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", port);
                return new LocalRegistry(authority, data);
            }
            catch (SocketException) when (attempt < 100 && !process.HasExited)
            {
                Thread.Sleep(100);
            }
        }
    }

    /// <summary>Removes every image: the registry remembers none of them.</summary>
    public void Empty() => _data.Empty();
}
