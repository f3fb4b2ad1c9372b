using System.Net;

namespace LayerStore.Registries;

/// <summary>What is worth another attempt, and when.</summary>
internal sealed class RetryDelay(RegistryOptions options)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30), MaxRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>How often one thing is tried.</summary>
    public int MaxAttempts => Math.Max(1, options.MaxAttempts);

    /// <summary>True for answers that another attempt may change.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>True for failures of a connection that another connection may not have. Nobody there, no such name and no trust stay as they are.</summary>
    public static bool IsTransient(Exception error) => error switch
    {
        TimeoutException => true,
        HttpRequestException http => http.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse),
        _ => error is IOException,
    };

    /// <summary>Waits before the attempt that follows the given one.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="response">The answer that it got, where it got one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public void Wait(int attempt, HttpResponseMessage? response, CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(After(attempt, response));
        cancellation.ThrowIfCancellationRequested();
    }

    private TimeSpan After(int attempt, HttpResponseMessage? response)
    {
        var asked = response?.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - DateTimeOffset.UtcNow : null;
        if (asked is { } wait)
            return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > MaxRetryAfter ? MaxRetryAfter : wait;
        var delay = options.RetryDelay * Math.Pow(2, attempt - 1);
        // Those who broke off together shall not come back together.
        return (delay > MaxDelay ? MaxDelay : delay) * (0.75 + Random.Shared.NextDouble() / 2);
    }
}
