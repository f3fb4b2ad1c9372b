namespace LayerStore.Registries;

/// <summary>Reads small answers whole, as far as a limit.</summary>
internal static class BoundedBody
{
    private static readonly TimeSpan WholeTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The body; null where it is longer than <paramref name="maxBytes"/>.</summary>
    /// <exception cref="TimeoutException">It did not come within a minute.</exception>
    public static byte[]? TryRead(HttpResponseMessage response, int maxBytes, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > maxBytes)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(WholeTimeout);
        try
        {
            return ReadAsync(response, maxBytes, limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("its answer stopped in the middle");
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellation);
        await using var _ = body;
        using var content = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (content.Length + read > maxBytes)
                return null;
            content.Write(buffer, 0, read);
        }
        return content.ToArray();
    }
}
