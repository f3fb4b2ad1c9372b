using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using LayerStore.Archives;
using LayerStore.Images.Export;
using LayerStore.Images.Formats;

namespace LayerStore.Registries;

/// <summary>One repository of a registry, written (OCI distribution specification, push).</summary>
/// <param name="connection">The registry.</param>
/// <param name="name">The repository.</param>
internal sealed class RegistryUploads(RegistryConnection connection, string name)
{
    // A registry may copy and digest a whole blob before it says that it has it.
    private static readonly TimeSpan CommitPatience = TimeSpan.FromMinutes(5);

    private readonly string _scope = $"repository:{name}:pull,push";

    /// <summary>The repository.</summary>
    public string Name => name;

    /// <summary>The registry as references name it.</summary>
    public string Registry => connection.Host.Domain;

    /// <summary>The rule of further attempts.</summary>
    public RetryDelay Retry => connection.Retry;

    /// <summary>What the registry has under a tag, as far as it is an image; null where there is nothing.</summary>
    public (byte[] Manifest, byte[] Config)? Find(string tag, int maxManifestBytes, int maxConfigBytes, CancellationToken cancellation)
    {
        var repository = new RegistryRepository(connection, name) { Scope = _scope };
        try
        {
            var (descriptor, content) = repository.GetManifest(tag, maxManifestBytes, cancellation);
            if (!MediaTypes.IsManifest(descriptor.MediaType))
                return null;
            var config = OciManifest.Parse(content, descriptor).Config;
            return MediaTypes.IsConfig(config.MediaType) ? (content, repository.GetBlob(config, maxConfigBytes, "MaxConfigBytes", cancellation)) : null;
        }
        catch (StoreException error) when (error.ErrorId is ErrorIds.RegistryManifestUnknown or ErrorIds.RegistryBlobUnknown or ErrorIds.ManifestInvalid
            or ErrorIds.ConfigInvalid or ErrorIds.DigestInvalid or ErrorIds.BlobDigestMismatch or ErrorIds.BlobSizeMismatch or ErrorIds.ArchiveLimitExceeded)
        {
            // What is there will be replaced, whatever it is.
            return null;
        }
    }

    /// <summary>True where the repository has the blob.</summary>
    public bool Has(Digest digest, CancellationToken cancellation)
    {
        using var response = Send(new RegistryRequest(HttpMethod.Head, $"{name}/blobs/{digest}", _scope), cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw Fault(response, $"the blob '{digest}' of '{name}'"),
        };
    }

    /// <summary>Takes a blob over from another repository of the registry; false where that has it not, or must not be read.</summary>
    public bool Mount(Digest digest, string from, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Post, $"{name}/blobs/uploads/?mount={digest}&from={Uri.EscapeDataString(from)}", $"{_scope} repository:{from}:pull");
        try
        {
            using var response = Send(request, cancellation);
            if (response.StatusCode == HttpStatusCode.Created)
                return true;
            // A registry that cannot begins an upload instead, which nobody needs; what else it says is no reason to fail: the blob can be sent.
            if (response.StatusCode == HttpStatusCode.Accepted)
                CallOff(LocationOf(response, null));
        }
        catch (StoreException error) when (error.ErrorId is ErrorIds.RegistryUnauthorized or ErrorIds.RegistryDenied)
        {
            // Who may not read there may still write here.
        }
        return false;
    }

    /// <summary>Sends a blob while it is written; where the upload is lost on the way, it is written again.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <param name="expected">The digest that it must have; null for any.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.BlobDigestMismatch"/>: it has another one, and the registry was not given it.</exception>
    public ExportedBlob Upload(Action<Stream> write, CancellationToken cancellation, Digest? expected = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var upload = new BlobUpload(this, cancellation);
                using var digested = new DigestingStream(upload);
                write(digested);
                var blob = new ExportedBlob(digested.Finish(), digested.Count);
                if (expected is { } wanted && wanted != blob.Digest)
                    throw ArchiveFaults.DigestMismatch(name, wanted, blob.Digest);
                upload.Complete(blob.Digest);
                return blob;
            }
            catch (UploadLostException lost)
            {
                if (attempt == Retry.MaxAttempts)
                    throw lost.Fault;
                Retry.Wait(attempt, null, cancellation);
            }
        }
    }

    /// <summary>Gives a manifest a tag.</summary>
    public void PutManifest(string tag, byte[] manifest, string mediaType, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Put, $"{name}/manifests/{tag}", _scope) { Content = () => ContentOf(manifest, manifest.Length, mediaType), Patience = CommitPatience };
        using var response = Send(request, cancellation);
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.Accepted))
            throw Fault(response, $"the manifest '{name}:{tag}'");
        var digest = JsonDocuments.DigestOf(manifest);
        if (response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var said) && said != digest)
            throw ArchiveFaults.DigestMismatch($"{name}:{tag}", digest, said);
    }

    /// <summary>Begins an upload; returns where it is.</summary>
    internal string Begin(CancellationToken cancellation)
    {
        using var response = Send(new RegistryRequest(HttpMethod.Post, $"{name}/blobs/uploads/", _scope), cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted => LocationOf(response, null),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => throw RegistryFaults.Protocol(Registry, $"it takes no uploads to '{name}'"),
            _ => throw Fault(response, $"an upload to '{name}'"),
        };
    }

    /// <summary>Sends a part once.</summary>
    internal HttpResponseMessage SendPart(string location, byte[] buffer, int offset, int count, long position, CancellationToken cancellation) => Send(
        new RegistryRequest(HttpMethod.Patch, location, _scope)
        {
            Retries = false,
            Patience = PatienceFor(count),
            Content = () =>
            {
                var content = ContentOf(buffer, count, "application/octet-stream", offset);
                // Not HTTP's own form: the specification has no unit and no total.
                content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{position}-{position + count - 1}"));
                return content;
            },
        }, cancellation);

    /// <summary>Where an upload stands: what the registry has of it, and where it goes on.</summary>
    /// <exception cref="UploadLostException">The registry knows nothing of it.</exception>
    internal (string Location, long Received) StatusOf(string location, CancellationToken cancellation)
    {
        using var response = Send(new RegistryRequest(HttpMethod.Get, location, _scope), cancellation);
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.Accepted))
            throw new UploadLostException(Fault(response, $"the state of an upload to '{name}'"));
        // 0-0 stands for one byte and for none; who sends the first byte again is told so.
        var last = response.Headers.TryGetValues("Range", out var values) && long.TryParse(values.First()[(values.First().IndexOf('-', StringComparison.Ordinal) + 1)..], out var end) ? end : 0;
        return (LocationOf(response, location), last > 0 ? last + 1 : 0);
    }

    /// <summary>Completes an upload, with its last bytes or all of them.</summary>
    internal void Commit(string location, Digest digest, byte[] rest, int count, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Put, $"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}", _scope)
        {
            Content = () => ContentOf(rest, count, "application/octet-stream"),
            Patience = CommitPatience + PatienceFor(count),
        };
        using var response = Send(request, cancellation);
        if (response.StatusCode is HttpStatusCode.Created or HttpStatusCode.NoContent or HttpStatusCode.OK)
            return;
        var fault = Fault(response, $"the blob '{digest}' for '{name}'");
        // Its first answer may have been lost.
        if (Has(digest, cancellation))
            return;
        throw response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable ? new UploadLostException(fault) : fault;
    }

    /// <summary>Tells the registry that an upload is given up, as far as it listens.</summary>
    internal void CallOff(string location)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            Send(new RegistryRequest(HttpMethod.Delete, location, _scope) { Retries = false }, limit.Token).Dispose();
        }
        catch (Exception error) when (error is StoreException or OperationCanceledException)
        {
            // Registries forget uploads after a while anyway.
        }
    }

    /// <summary>Where an upload goes on, by an answer about it.</summary>
    internal string LocationOf(HttpResponseMessage response, string? before) => response.Headers.Location is { } location
        ? new Uri(response.RequestMessage!.RequestUri!, location).AbsoluteUri
        : before ?? throw RegistryFaults.Protocol(Registry, "it begins an upload and does not say where ('Location')");

    /// <summary>What an answer that is no success means.</summary>
    internal StoreException Fault(HttpResponseMessage response, string what) => RegistryFaults.From(response, Registry, what, ErrorIds.RegistryBlobUnknown);

    private HttpResponseMessage Send(RegistryRequest request, CancellationToken cancellation) => connection.Send(request, name, cancellation);

    // A line of a quarter of a megabit is enough.
    private static TimeSpan PatienceFor(int bytes) => TimeSpan.FromSeconds(bytes / 32768.0);

    private static ByteArrayContent ContentOf(byte[] buffer, int count, string mediaType, int offset = 0)
    {
        var content = new ByteArrayContent(buffer, offset, count);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }
}
