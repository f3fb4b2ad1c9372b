using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LayerStore.Package.Tests;

/// <summary>A NuGet feed on loopback, as far as publishing needs one: both protocols, one key, and a memory for what was pushed.</summary>
internal sealed class FakeFeed : IDisposable
{
    internal const string Key = "oy2-secret";

    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    internal FakeFeed()
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    internal string Address { get; }

    /// <summary>The feed's address in NuGet's second protocol, as the Gallery has it.</summary>
    internal string Second => Address + "/api/v2";

    /// <summary>The service index of NuGet's third protocol.</summary>
    internal string Third => Address + "/v3/index.json";

    /// <summary>Versions that the feed has already.</summary>
    internal ConcurrentBag<string> Versions { get; } = [];

    internal ConcurrentQueue<string> Requests { get; } = new();

    internal ConcurrentQueue<byte[]> Pushed { get; } = new();

    /// <summary>What a push is answered with instead of being taken.</summary>
    internal HttpStatusCode? Answer { get; set; }

    public void Dispose()
    {
        _listener.Stop();
        _serving.Wait();
        _listener.Close();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var (status, text) = await Handle(context.Request);
            context.Response.StatusCode = (int)status;
            if (status == HttpStatusCode.Redirect)
                context.Response.RedirectLocation = Address + "/elsewhere";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            context.Response.Close();
        }
    }

    private async Task<(HttpStatusCode, string)> Handle(HttpListenerRequest request)
    {
        var path = Uri.UnescapeDataString(request.Url!.AbsolutePath);
        Requests.Enqueue($"{request.HttpMethod} {path}");
        return (request.HttpMethod, path) switch
        {
            ("PUT", "/api/v2/package/" or "/push") => await Push(request),
            ("GET", "/v3/index.json") => (HttpStatusCode.OK, $$"""
                {"version":"3.0.0","resources":[{"@id":"{{Address}}/push","@type":"PackagePublish/2.0.0"},{"@id":"{{Address}}/flat/","@type":"PackageBaseAddress/3.0.0"}]}
                """),
            ("GET", "/flat/layerstore/index.json") => Versions.IsEmpty
                ? (HttpStatusCode.NotFound, "")
                : (HttpStatusCode.OK, $$"""{"versions":[{{string.Join(',', Versions.Select(version => $"\"{version}\""))}}]}"""),
            ("GET", _) when path.StartsWith("/api/v2/Packages(Id='LayerStore',Version='", StringComparison.Ordinal) =>
                Versions.Contains(path.Split('\'')[3]) ? (HttpStatusCode.OK, "<entry/>") : (HttpStatusCode.NotFound, ""),
            _ => (HttpStatusCode.BadRequest, "no such place"),
        };
    }

    private async Task<(HttpStatusCode, string)> Push(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        if (Answer is { } answer)
            return (answer, "the feed says why");
        if (request.Headers["X-NuGet-ApiKey"] != Key)
            return (HttpStatusCode.Forbidden, "");
        Pushed.Enqueue(Part(body.ToArray(), request.ContentType!));
        return (HttpStatusCode.Created, "");
    }

    /// <summary>The one part of a multipart body.</summary>
    private static byte[] Part(byte[] body, string contentType)
    {
        var boundary = "--" + contentType.Split("boundary=")[1].Trim('"');
        var start = body.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        var end = body.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes("\r\n" + boundary));
        return body[start..end];
    }
}
