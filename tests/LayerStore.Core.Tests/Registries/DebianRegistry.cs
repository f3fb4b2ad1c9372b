using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>The real thing: Debian's docker-registry on a free port of loopback, stopped by its own process id.</summary>
internal sealed class DebianRegistry : IDisposable
{
    /// <summary>The one who may log in where <see cref="Authentication.Password"/> is asked for.</summary>
    public const string User = "alice", Password = "open sesame";

    // crypt(3) of the password with bcrypt, the only kind that the registry takes.
    private const string PasswordHash = "$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW";

    private readonly TestDirectory _directory = new();
    private readonly Process _process;
    private readonly ProgramLog _log;

    public DebianRegistry(Authentication authentication = Authentication.None, TestAuthority? authority = null, TokenServer? tokens = null)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Authority = $"localhost:{((IPEndPoint)free.LocalEndpoint).Port}";
        }
        File.WriteAllText(_directory["users"], $"{User}:{PasswordHash}\n");
        var tls = authority is null ? "" : $"tls: {{ certificate: {authority.ServerCertificate}, key: {authority.ServerKey} }}";
        var auth = authentication switch
        {
            Authentication.Password => $"auth: {{ htpasswd: {{ realm: test, path: {_directory["users"]} }} }}",
            Authentication.Token => $"auth: {{ token: {{ realm: '{tokens!.Realm}', service: test, issuer: tests, rootcertbundle: {tokens.CertificateFile} }} }}",
            _ => "",
        };
        var config = $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{_directory.Make("data")}} }, delete: { enabled: true } }
            http:
              addr: {{Authority}}
              {{tls}}
            {{auth}}
            """;
        File.WriteAllText(_directory["config.yml"], config);
        var start = new ProcessStartInfo("docker-registry", ["serve", _directory["config.yml"]]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OTEL_TRACES_EXPORTER"] = "none";
        _process = Process.Start(start)!;
        _log = new ProgramLog(_process);
        try
        {
            WaitUntilItListens();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How it wants to be asked.</summary>
    public enum Authentication
    {
        None,
        Password,
        Token,
    }

    /// <summary>Host and port.</summary>
    public string Authority { get; }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        _directory.Dispose();
    }

    private void WaitUntilItListens()
    {
        var port = int.Parse(Authority.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < 300; i++)
        {
            if (_process.HasExited)
                throw new InvalidOperationException("docker-registry ended: " + _log);
            try
            {
                using var probe = new TcpClient("localhost", port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(100);
            }
        }
        throw new InvalidOperationException("docker-registry does not listen: " + _log);
    }
}
