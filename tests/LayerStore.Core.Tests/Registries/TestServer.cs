using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LayerStore.Tests.Registries;

/// <summary>A small HTTP/1.1 server on loopback that may misbehave on purpose: one request a connection, plain HTTP.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<TestRequest, TestReply> _handle;
    private readonly ConcurrentQueue<TestRequest> _requests = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();

    public TestServer(Func<TestRequest, TestReply> handle)
    {
        _handle = handle;
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public string Url => "http://" + Authority;

    /// <summary>What was asked for so far.</summary>
    public IReadOnlyList<TestRequest> Requests => [.. _requests];

    public void Dispose()
    {
        _listener.Stop();
        foreach (var socket in _open.Keys)
            socket.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                _open[socket] = true;
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket);
            // A client that tries TLS first hears nothing and comes again without.
            if (Read(stream) is { } request)
            {
                _requests.Enqueue(request);
                Write(stream, request, _handle(request));
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, which some tests are about.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private static TestRequest? Read(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var one = stream.ReadByte();
            if (one < 0 || (head.Length == 0 && one == 0x16))
                return null;
            head.Append((char)one);
        }
        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).GroupBy(pair => pair[0].ToLowerInvariant()).ToDictionary(same => same.Key, same => same.Last()[1]);
        var body = new byte[headers.TryGetValue("content-length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        stream.ReadExactly(body);
        return new TestRequest(words[0], words[1], headers, body);
    }

    private static void Write(NetworkStream stream, TestRequest request, TestReply reply)
    {
        var head = new StringBuilder($"HTTP/1.1 {reply.Status} Test\r\nConnection: close\r\n");
        foreach (var (name, value) in reply.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (!reply.Endless && !reply.Headers.Any(header => header.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {reply.Body.Length}\r\n");
        stream.Write(Encoding.ASCII.GetBytes(head + "\r\n"));
        if (request.Method == "HEAD")
            return;
        stream.Write(reply.Body.AsSpan(0, Math.Min(reply.Body.Length, reply.CutAfter ?? int.MaxValue)));
        if (reply.Stalls)
            _ = stream.ReadByte();
        while (reply.Endless)
            stream.Write(new byte[64 << 10]);
    }
}
