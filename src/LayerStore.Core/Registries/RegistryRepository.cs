using System.Net;
using LayerStore.Images;
using LayerStore.Images.Formats;

namespace LayerStore.Registries;

/// <summary>One repository of a registry, read (OCI distribution specification, pull).</summary>
/// <param name="connection">The registry.</param>
/// <param name="name">The repository: <c>library/alpine</c>.</param>
internal sealed class RegistryRepository(RegistryConnection connection, string name) : IDisposable
{
    private static readonly string[] ManifestTypes = [MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerManifestList, MediaTypes.DockerManifest];

    /// <summary>What is asked for, so that one token serves where more than reading is done.</summary>
    public string Scope { get; init; } = $"repository:{name}:pull";

    /// <summary>Gets a manifest or an index, its digest verified where one is asked for or the registry claims one.</summary>
    /// <param name="reference">A tag or a digest.</param>
    /// <param name="maxBytes">Its length at most.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.RegistryManifestUnknown"/>, <see cref="ErrorIds.BlobDigestMismatch"/> and what the registry's faults are.</exception>
    public (Descriptor Descriptor, byte[] Content) GetManifest(string reference, int maxBytes, CancellationToken cancellation)
    {
        var what = $"the manifest '{name}{(reference.Contains(':', StringComparison.Ordinal) ? '@' : ':')}{reference}'";
        var request = new RegistryRequest(HttpMethod.Get, $"{name}/manifests/{reference}", Scope) { Accept = ManifestTypes };
        var (content, response) = GetSmall(request, what, ErrorIds.RegistryManifestUnknown, maxBytes, nameof(ImportOptions.MaxManifestBytes), cancellation);
        var digest = JsonDocuments.DigestOf(content);
        if (Digest.TryParse(reference, out var wanted) && wanted != digest)
            throw ArchiveFaults.DigestMismatch(wanted.ToString(), wanted, digest);
        if (response.Digest is { } claimed && claimed != digest)
            throw ArchiveFaults.DigestMismatch(what, claimed, digest);
        return (new Descriptor { MediaType = response.MediaType, Digest = digest, Size = content.Length }, content);
    }

    /// <summary>Gets a small blob, its size and digest verified.</summary>
    public byte[] GetBlob(Descriptor descriptor, int maxBytes, string option, CancellationToken cancellation)
    {
        if (descriptor.Size > maxBytes)
            throw ArchiveFaults.LimitExceeded(descriptor.Digest.ToString(), $"its descriptor says {descriptor.Size} bytes, more than {maxBytes}", option);
        var request = new RegistryRequest(HttpMethod.Get, BlobPath(descriptor.Digest), Scope);
        var (content, _) = GetSmall(request, BlobWords(descriptor.Digest), ErrorIds.RegistryBlobUnknown, maxBytes, option, cancellation);
        if (content.Length != descriptor.Size)
            throw ArchiveFaults.SizeMismatch(descriptor.Digest.ToString(), descriptor.Size, content.Length);
        var actual = JsonDocuments.DigestOf(content);
        return actual == descriptor.Digest ? content : throw ArchiveFaults.DigestMismatch(descriptor.Digest.ToString(), descriptor.Digest, actual);
    }

    /// <summary>Asks for a blob from a byte on.</summary>
    internal HttpResponseMessage RequestBlob(Digest digest, long from, CancellationToken cancellation) =>
        connection.Send(new RegistryRequest(HttpMethod.Get, BlobPath(digest), Scope) { From = from }, name, cancellation);

    /// <summary>The registry.</summary>
    internal RegistryConnection Connection => connection;

    /// <summary>What an answer that is no blob means.</summary>
    internal StoreException BlobFault(HttpResponseMessage response, Digest digest) =>
        RegistryFaults.From(response, connection.Host.Domain, BlobWords(digest), ErrorIds.RegistryBlobUnknown);

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private string BlobPath(Digest digest) => $"{name}/blobs/{digest}";

    private string BlobWords(Digest digest) => $"the blob '{digest}' of '{name}'";

    /// <summary>An answer as a whole; one that breaks in the middle is asked for again.</summary>
    private (byte[] Content, (string MediaType, Digest? Digest) Headers) GetSmall(
        RegistryRequest request, string what, string unknownId, int maxBytes, string option, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var response = connection.Send(request, name, cancellation);
            if (response.StatusCode != HttpStatusCode.OK)
                throw RegistryFaults.From(response, connection.Host.Domain, what, unknownId);
            try
            {
                var content = BoundedBody.TryRead(response, maxBytes, cancellation)
                    ?? throw ArchiveFaults.LimitExceeded(what.Split('\'')[1], $"the registry sends more than {maxBytes} bytes", option);
                var type = response.Content.Headers.ContentType?.MediaType ?? "";
                var claimed = response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var digest) ? digest : (Digest?)null;
                return (content, (type, claimed));
            }
            catch (Exception error) when (error is IOException or HttpRequestException or TimeoutException)
            {
                if (attempt == connection.Retry.MaxAttempts)
                    throw connection.FaultOf(error);
                connection.Retry.Wait(attempt, null, cancellation);
            }
        }
    }
}
